/** Letters that have no parts to take apart, and the alphabets that have a common Latin spelling. */
const latin: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  ŋ: 'ng',
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  ґ: 'g',
  д: 'd',
  е: 'e',
  є: 'ye',
  ж: 'zh',
  з: 'z',
  и: 'i',
  і: 'i',
  й: 'y',
  к: 'k',
  л: 'l',
  м: 'm',
  н: 'n',
  о: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  у: 'u',
  ф: 'f',
  х: 'kh',
  ц: 'ts',
  ч: 'ch',
  ш: 'sh',
  щ: 'shch',
  ъ: '',
  ы: 'y',
  ь: '',
  э: 'e',
  ю: 'yu',
  я: 'ya',
  α: 'a',
  β: 'v',
  γ: 'g',
  δ: 'd',
  ε: 'e',
  ζ: 'z',
  η: 'i',
  θ: 'th',
  ι: 'i',
  κ: 'k',
  λ: 'l',
  μ: 'm',
  ν: 'n',
  ξ: 'x',
  ο: 'o',
  π: 'p',
  ρ: 'r',
  σ: 's',
  ς: 's',
  τ: 't',
  υ: 'y',
  φ: 'f',
  χ: 'ch',
  ψ: 'ps',
  ω: 'o',
}

/** What two spellings of one name have in common: small letters without marks, single spaces. */
export function keyOf(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim()
}

/** Cut to so many UTF-16 units, never through a letter. */
export const cut = (text: string, most: number): string =>
  text
    .slice(0, most)
    .toWellFormed()
    .replace(/\ufffd$/, '')

/** The words of some texts, each once, as they are found by. */
export function wordsOf(...texts: string[]): string[] {
  const words = keyOf(texts.join(' '))
    .replace(/['’ʼ`]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
  return [...new Set(words.filter(Boolean).map((word) => cut(word, 40)))].slice(0, 80)
}

/** The bytes between which all words lie that begin so. */
export function prefixRange(word: string): [from: Buffer, to: Buffer] {
  const from = Buffer.from(word)
  const to = Buffer.from(from)
  // No byte of UTF-8 is 255.
  to[to.length - 1] = (to[to.length - 1] ?? 0) + 1
  return [from, to]
}

/** An address part out of names, in Latin letters; empty where nothing of them can be written so. */
export function slugOf(...names: string[]): string {
  const letters = [...keyOf(names.join(' ')).replaceAll('ου', 'ou')]
    .map((letter) => latin[letter] ?? letter)
    .join('')
  const slug = letters
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '')
  return slug.length < 2 ? '' : slug
}

/** Title and first artist as far as lists of others agree on them. */
export const matchKey = (artist: string, title: string): string => cut(`${bare(artist)}\t${bare(title)}`, 250)

/** Without what stands in brackets (`feat.`, `Original Mix`) and without signs. */
function bare(text: string): string {
  const whole = keyOf(text)
  const short = whole
    .replace(/\s*[([](?:feat|ft|with|original|remaster)[^)\]]*[)\]]/g, '')
    .replace(/\s(?:feat|ft)\.?\s.*$/, '')
  const letters = (some: string) => some.replace(/[^\p{L}\p{N}]+/gu, '')
  return letters(short) || letters(whole)
}

/** The name of a file, whatever folder it lies in and whatever its ending and number are. */
export function fileKey(path: string): string {
  const name = path.split(/[\\/]/).at(-1) ?? ''
  const stem = keyOf(name.replace(/\.[a-z0-9]{2,5}$/i, ''))
  const letters = (some: string) => some.replace(/[^\p{L}\p{N}]+/gu, '')
  return cut(letters(stem.replace(/^(?:[a-d]?\d{1,3}[\s._-]+)+/, '')) || letters(stem), 250)
}
