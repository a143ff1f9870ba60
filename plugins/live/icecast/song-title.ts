const maxLength = 200
/** Line ends and other control characters, and marks that turn the reading direction around. */
const unprintable = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu

/** A title as people may be shown it: one line, of reasonable length; empty when nothing is left. */
export function cleanTitle(text: string): string {
  const line = text
    .slice(0, 4 * maxLength)
    .replace(unprintable, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return [...line].slice(0, maxLength).join('').trim()
}

export function titleFrom(artist: string, title: string): string {
  return cleanTitle([artist, title].filter((part) => part.trim() !== '').join(' - '))
}

/** The title of `mode=updinfo`: `song`, or `artist` and `title`; null when there is none of them. */
export function titleOfQuery(query: string): string | null {
  const values = new Map<string, Buffer>()
  for (const pair of query.split('&')) {
    const at = pair.indexOf('=')
    if (at > 0) values.set(pair.slice(0, at), bytesOf(pair.slice(at + 1)))
  }
  const charset = values.get('charset')?.toString('latin1') ?? ''
  const read = (name: string) => decode(values.get(name), charset)
  if (values.has('song')) return cleanTitle(read('song'))
  if (values.has('title') || values.has('artist')) return titleFrom(read('artist'), read('title'))
  return null
}

/** What is escaped are bytes, in whatever character set the sender uses. */
function bytesOf(escaped: string): Buffer {
  const plain = escaped.replaceAll('+', ' ')
  return Buffer.from(
    plain.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
}

/** UTF-8 where the bytes are UTF-8; senders that say nothing, or say it wrongly, mostly mean Latin-1. */
function decode(bytes: Buffer | undefined, charset: string): string {
  if (bytes === undefined) return ''
  const isLatin = /^(?:iso-8859-1|latin-?1|windows-1252)$/i.test(charset)
  if (!isLatin) {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    } catch {
      // Then it is what follows.
    }
  }
  return new TextDecoder('windows-1252').decode(bytes)
}
