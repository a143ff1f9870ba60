/** Bytes 80 to 9F as Windows shows them; Latin-1 has nothing there. */
const windows = new Map(
  [
    ...new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 32 }, (_, index) => 0x80 + index)),
  ].map((letter, index): [string, number] => [letter, 0x80 + index]),
)

/** UTF-8 that was taken for Latin-1, as many programs write it (`Ã©`), as it was meant. Other text stays. */
export function repaired(text: string): string {
  if (!/[\u00c2-\u00f4][\u0080-\u00bf\u0100-\u2122]/.test(text)) return text
  const bytes: number[] = []
  for (const letter of text) {
    const byte = windows.get(letter) ?? letter.codePointAt(0)!
    if (byte > 0xff) return text
    bytes.push(byte)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes))
  } catch {
    return text
  }
}

// Controls save line breaks and tabs, what turns the direction of text, invisible marks, halves of letters.
const unwanted =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
  /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2028\u2029\u2060-\u206f\ufeff\ufff9-\uffff]/gu

/** One line: NFC, repaired, without what cannot be seen. */
export function line(text: string): string {
  return visible(text).replaceAll(/\s+/g, ' ').trim()
}

/** Lines: the same with its line breaks. */
export function lines(text: string): string {
  const broken = visible(text).replaceAll(/\r\n?/g, '\n')
  return broken
    .split('\n')
    .map((one) => one.trimEnd())
    .join('\n')
    .trim()
}

function visible(text: string): string {
  // Far more than anything is cut to, so that hostile text costs nothing.
  return repaired(text.slice(0, 100_000)).toWellFormed().normalize('NFC').replaceAll(unwanted, '')
}

/** At most so many UTF-16 units, never half a letter. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text
  return text
    .slice(0, length)
    .replace(/[\ud800-\udbff]$/, '')
    .trimEnd()
}
