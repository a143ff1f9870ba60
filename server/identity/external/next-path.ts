/**
 * A path of this site to go to after signing in; `/` for anything that could lead a browser elsewhere: another
 * address, `//host`, `/\host`, dots that leave two slashes, signs that browsers drop.
 */
export function safePath(next: string | undefined): string {
  const text = next ?? '/'
  if (!text.startsWith('/') || hasOddSign(text) || !URL.canParse(text, here)) return '/'
  const { origin, pathname, search, hash } = new URL(text, here)
  return origin === here && !pathname.startsWith('//') ? pathname + search + hash : '/'
}

const here = 'http://here.invalid'

function hasOddSign(text: string): boolean {
  for (const sign of text) if (sign < ' ' || sign === '\\' || sign === '\u007f') return true
  return false
}
