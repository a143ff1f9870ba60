import type { ByteFile } from './byte-file.ts'
import { boxesOf } from './mp4-boxes.ts'
import type { Sniffed } from './types.ts'

const pictureBrands = ['avif', 'avis', 'heic', 'heix', 'mif1', 'msf1']
const audioBrands = ['M4A ', 'M4B ', 'M4P ', 'F4A ', 'F4B ']
const videoBrands = [
  'M4V ',
  'M4VH',
  'M4VP',
  'F4V ',
  'avc1',
  'hvc1',
  'hev1',
  '3gp4',
  '3gp5',
  '3gp6',
  '3g2a',
  'mmp4',
]
const longestMovie = 4 * 1024 * 1024

/** What the `ftyp` box (ISO 14496-12, 4.3) and, where they are in the head, the handlers of the tracks say. */
export function mp4Head(head: Buffer): Sniffed {
  const [major, all] = brandsOf(head)
  if (pictureBrands.includes(major)) return { other: 'picture', name: 'HEIF' }
  if (audioBrands.includes(major)) return { kind: 'm4a' }
  const movie = head.indexOf('moov')
  const handlers = movie < 0 ? null : handlersIn(head.subarray(movie))
  if (handlers?.has('vide') || all.some((brand) => videoBrands.includes(brand)))
    return { other: 'video', name: major === 'qt  ' ? 'QuickTime' : 'MP4' }
  return { kind: 'm4a' }
}

/** The same with the movie box wherever it is: a video is told from audio by its tracks alone. */
export async function mp4File(file: ByteFile, head: Buffer): Promise<Sniffed> {
  const byHead = mp4Head(head)
  if ('other' in byHead && byHead.other === 'picture') return byHead
  const movie = (await boxesOf(file, 0, file.size)).boxes.find(({ type }) => type === 'moov')
  if (!movie) return byHead
  const bytes = await file.read(movie.bodyAt, Math.min(movie.end - movie.bodyAt, longestMovie))
  const handlers = handlersIn(bytes)
  const [major] = brandsOf(head)
  if (handlers.has('vide') && !audioBrands.includes(major))
    return { other: 'video', name: major === 'qt  ' ? 'QuickTime' : 'MP4' }
  return handlers.has('soun') ? { kind: 'm4a' } : { other: 'unknown', name: 'MP4' }
}

function brandsOf(head: Buffer): [major: string, all: string[]] {
  const length = Math.min(head.length >= 4 ? head.readUInt32BE(0) : 0, 256, head.length)
  const all: string[] = []
  for (let at = 8; at + 4 <= length; at += 4) if (at !== 12) all.push(head.toString('latin1', at, at + 4))
  return [all[0] ?? '', all]
}

function handlersIn(bytes: Buffer): Set<string> {
  const handlers = new Set<string>()
  for (let at = bytes.indexOf('hdlr'); at >= 0; at = bytes.indexOf('hdlr', at + 4))
    handlers.add(bytes.toString('latin1', at + 12, at + 16))
  return handlers
}
