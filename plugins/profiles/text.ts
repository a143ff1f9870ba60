import type { Link } from './contract.ts'

// Control characters and those that turn the direction of what follows.
const unwanted = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu
const visible = /[^\p{Cc}\p{Cf}\p{Z}]/u

/** One line: NFC, without control characters, each gap one space. Empty where nothing is to be seen. */
export function lineOf(text: string): string {
  const line = text.toWellFormed().normalize('NFC').replace(/\s/g, ' ').replace(unwanted, '')
  const whole = line.replace(/ +/g, ' ').trim()
  return visible.test(whole) ? whole : ''
}

/** Several lines, otherwise the same. */
export function textOf(text: string): string {
  const lines = text
    .toWellFormed()
    .normalize('NFC')
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .split('\n')
    .map((line) => line.replaceAll('\t', '    ').replace(unwanted, ''))
  const whole = lines.join('\n').trimEnd()
  return visible.test(whole) ? whole : ''
}

/** Each word once, however it is written. */
export function wordsOf(words: string[]): string[] {
  const seen = new Map<string, string>()
  for (const word of words.map(lineOf))
    if (word && !seen.has(word.toLowerCase())) seen.set(word.toLowerCase(), word)
  return [...seen.values()]
}

/** Addresses in their normal form; a link without words is called after its host. */
export function linksOf(links: Link[]): Link[] {
  return links.map(({ label, url }) => {
    const address = new URL(url)
    return { label: lineOf(label) || address.hostname.replace(/^www\./, ''), url: address.href }
  })
}
