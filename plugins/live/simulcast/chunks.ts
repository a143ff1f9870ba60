/** A message to be sent on a chunk stream. */
export interface Message {
  type: number
  timeMs: number
  streamId: number
  payload: Buffer
}

const extendedAt = 0xffffff

/**
 * A message as chunks with a full header (RTMP 1.0, 5.3.1): type 0 first, type 3 for what follows, with the extended
 * time repeated in each chunk from 2^24 ms on.
 */
export function chunked(
  cid: number,
  { type, timeMs, streamId, payload }: Message,
  chunkBytes: number,
): Buffer {
  const time = timeMs % 2 ** 32
  const isLong = time >= extendedAt
  const extended = Buffer.alloc(isLong ? 4 : 0)
  if (isLong) extended.writeUInt32BE(time)
  const header = Buffer.alloc(12)
  header[0] = cid
  header.writeUIntBE(isLong ? extendedAt : time, 1, 3)
  header.writeUIntBE(payload.length, 4, 3)
  header[7] = type
  header.writeUInt32LE(streamId, 8)
  const pieces: Buffer[] = [header, extended]
  for (let at = 0; at < payload.length; at += chunkBytes) {
    if (at > 0) pieces.push(Buffer.from([0xc0 | cid]), extended)
    pieces.push(payload.subarray(at, at + chunkBytes))
  }
  return Buffer.concat(pieces)
}
