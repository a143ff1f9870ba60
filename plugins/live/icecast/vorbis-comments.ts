import { titleFrom } from './song-title.ts'

const maxComments = 200
/** What precedes the comments in a packet: Opus (RFC 7845 5.2), Vorbis I 4.2.1, FLAC in Ogg (type 4, length). */
const openings = [Buffer.from('OpusTags'), Buffer.from('\u0003vorbis', 'latin1')]
const flacTypes = new Set([0x04, 0x84])
const flacOpening = 4

/** Artist and title of a comment packet; empty where it has none or cannot be read. */
export function titleOfComments(packet: Buffer): string {
  const opening = openings.find((known) => packet.subarray(0, known.length).equals(known))
  const isFlac = flacTypes.has(packet[0] ?? -1)
  if (!opening && !isFlac) return ''
  const fields = readFields(packet.subarray(opening?.length ?? flacOpening))
  return titleFrom(fields.get('ARTIST') ?? '', fields.get('TITLE') ?? '')
}

/** The first of each name. A list cut short counts as far as it goes. */
function readFields(bytes: Buffer): Map<string, string> {
  const fields = new Map<string, string>()
  let at = 0
  const take = (): Buffer | null => {
    if (at + 4 > bytes.length) return null
    const start = at + 4
    const end = start + bytes.readUInt32LE(at)
    at = end
    return end > bytes.length ? null : bytes.subarray(start, end)
  }
  if (take() === null || at + 4 > bytes.length) return fields
  const count = Math.min(bytes.readUInt32LE(at), maxComments)
  at += 4
  for (let i = 0; i < count; i++) {
    const comment = take()
    if (comment === null) break
    const mark = comment.indexOf('=')
    // Pictures are comments as well.
    if (mark < 1 || mark > 64 || comment.length > 4_096) continue
    const name = comment.toString('latin1', 0, mark).toUpperCase()
    if (!fields.has(name)) fields.set(name, comment.toString('utf8', mark + 1))
  }
  return fields
}
