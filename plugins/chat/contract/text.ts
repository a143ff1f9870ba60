// Line separators people type; everything else that steers the display is dropped, bidi overrides included.
const lineBreak = /\r\n?|\u2028|\u2029|\u0085/g
const unwanted = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu
const visible = /[^\p{Cc}\p{Cf}\p{Z}]/u
const maxLineBreaks = 5

/** What is stored of a text as sent: NFC, no control characters, at most five line breaks. Empty for nothing visible. */
export function normaliseText(text: string): string {
  const lines = text
    .toWellFormed()
    .normalize('NFC')
    .replace(lineBreak, '\n')
    .split('\n')
    .map((line) => line.replaceAll('\t', ' ').replace(unwanted, '').trimEnd())
  const kept = lines.slice(0, maxLineBreaks)
  const rest = lines.slice(maxLineBreaks).filter((line) => line !== '')
  const result = [...kept, ...(rest.length > 0 ? [rest.join(' ')] : [])].join('\n').trim()
  return visible.test(result) ? result : ''
}
