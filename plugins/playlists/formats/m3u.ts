import { durationOf, type PlaylistFile, type ReadEntry, textOf, UnreadableFile } from './types.ts'

/**
 * Extended M3U in UTF-8 (M3U8): EXTINF with seconds and `artist - title`, EXTART, EXTALB, PLAYLIST; `EXTART` tells
 * where the artist ends when either of them has a dash in it.
 */
export function writeM3u({ title, entries }: PlaylistFile): string {
  const lines = ['#EXTM3U', '#EXTENC:UTF-8']
  if (textOf(title)) lines.push(`#PLAYLIST:${line(title)}`)
  for (const { title: name, artist, album, durationMs, location } of entries) {
    const seconds = durationMs === null ? -1 : Math.round(durationMs / 1000)
    lines.push(`#EXTINF:${seconds},${[artist, name].map(line).filter(Boolean).join(' - ')}`)
    lines.push(`#EXTART:${line(artist)}`)
    if (line(album)) lines.push(`#EXTALB:${line(album)}`)
    lines.push(line(location))
  }
  return `${lines.join('\n')}\n`
}

/** No break of any kind may end a line early. */
const line = (text: string | null): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  (textOf(text) ?? '').replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim()

interface Pending {
  info: { durationMs: number | null; words: string } | null
  artist: string | null
  hasArtist: boolean
  album: string | null
}
const nothing = (): Pending => ({ info: null, artist: null, hasArtist: false, album: null })

/** Lines of `text`, which has neither BOM nor odd line ends any more. */
export function readM3u(text: string, mostEntries: number): PlaylistFile<ReadEntry> {
  // A list of segments of one recording (HLS), not of tracks.
  if (/^#EXT-X-(?:TARGETDURATION|STREAM-INF)/m.test(text)) throw new UnreadableFile('format')
  const file: PlaylistFile<ReadEntry> = { title: null, description: null, entries: [] }
  let pending = nothing()
  for (const [index, whole] of text.split('\n').entries()) {
    const row = whole.trim()
    if (row === '') continue
    if (row.startsWith('#')) {
      note(file, pending, row)
      continue
    }
    if (file.entries.length >= mostEntries) throw new UnreadableFile('entries')
    file.entries.push({ line: index + 1, ...entryOf(pending, row) })
    pending = nothing()
  }
  return file
}

function note(file: PlaylistFile, pending: Pending, row: string): void {
  const colon = row.indexOf(':')
  const value = colon < 0 ? '' : row.slice(colon + 1)
  const name = colon < 0 ? row : row.slice(0, colon)
  if (name === '#EXTINF') pending.info = infoOf(value)
  else if (name === '#EXTALB') pending.album = textOf(value)
  else if (name === '#PLAYLIST') file.title ??= textOf(value)
  else if (name === '#EXTART') {
    pending.artist = textOf(value)
    pending.hasArtist = true
  }
}

/** `123,words` or `123 key="a, b",words`: the first comma outside quotes. */
function infoOf(value: string): Pending['info'] {
  let isQuoted = false
  let end = 0
  for (; end < value.length; end++) {
    if (value[end] === '"') isQuoted = !isQuoted
    if (value[end] === ',' && !isQuoted) break
  }
  if (end === value.length) end = value.indexOf(',') < 0 ? value.length : value.indexOf(',')
  const seconds = Number.parseFloat(value)
  return { durationMs: durationOf(seconds * 1000), words: value.slice(end + 1).trim() }
}

function entryOf({ info, artist, hasArtist, album }: Pending, location: string): Omit<ReadEntry, 'line'> {
  const words = info?.words ?? ''
  const found = { album, durationMs: info?.durationMs ?? null, isrc: null, location: textOf(location) }
  if (artist && words === artist) return { ...found, artist, title: null }
  if (artist && words.startsWith(`${artist} - `))
    return { ...found, artist, title: textOf(words.slice(artist.length + 3)) }
  if (hasArtist) return { ...found, artist, title: textOf(words) }
  const dash = words.indexOf(' - ')
  if (dash <= 0) return { ...found, artist: null, title: textOf(words) }
  return { ...found, artist: textOf(words.slice(0, dash)), title: textOf(words.slice(dash + 3)) }
}
