import { readJspf } from './jspf.ts'
import { readM3u } from './m3u.ts'
import { type PlaylistFile, type ReadEntry, UnreadableFile } from './types.ts'
import { readXspf } from './xspf.ts'

/** Reads a playlist file of any kind, known by what is in it; throws UnreadableFile. */
export function readPlaylistFile(
  bytes: Uint8Array,
  fileName: string,
  mostEntries: number,
): PlaylistFile<ReadEntry> {
  const text = decoded(bytes)
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n')
  const start = text.trimStart()
  if (text.includes('\u0000')) throw new UnreadableFile('format')
  if (start.startsWith('<')) return readXspf(text.trim(), mostEntries)
  if (start.startsWith('{')) return readJspf(text, mostEntries)
  if (!start.startsWith('#EXTM3U') && !/\.m3u8?$/i.test(fileName)) throw new UnreadableFile('format')
  return readM3u(text, mostEntries)
}

/** UTF-16 by its mark, UTF-8 where it is that, else what old programs wrote: Latin-1 as Windows knows it. */
function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
