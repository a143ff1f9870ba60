/** One raw AAC access unit with its place on the stream's timeline. */
export interface Frame {
  data: Buffer
  atMs: number
}

const flags = {
  dataOffset: 0x1,
  firstFlags: 0x4,
  duration: 0x100,
  size: 0x200,
  sampleFlags: 0x400,
  offset: 0x800,
}

/** The access units of an audio part (ISO/IEC 14496-12 8.8); throws a RangeError when it is none. */
export function readAudioPart(body: Buffer, rateHz: number): Frame[] {
  const moof = findBox(body, 'moof', 0, body.length)
  const traf = findBox(body, 'traf', moof.start, moof.end)
  const tfdt = findBox(body, 'tfdt', traf.start, traf.end)
  const trun = findBox(body, 'trun', traf.start, traf.end)
  const isLong = body[tfdt.start] === 1
  let ticks = isLong ? Number(body.readBigUInt64BE(tfdt.start + 4)) : body.readUInt32BE(tfdt.start + 4)
  const has = body.readUInt32BE(trun.start) & 0xffffff
  const count = body.readUInt32BE(trun.start + 4)
  let at = trun.start + 8 + (has & flags.dataOffset ? 4 : 0) + (has & flags.firstFlags ? 4 : 0)
  let dataAt = moof.start - 8 + (has & flags.dataOffset ? body.readInt32BE(trun.start + 8) : moof.end)
  const frames: Frame[] = []
  for (let i = 0; i < count; i++) {
    const duration = body.readUInt32BE(at)
    const size = body.readUInt32BE(at + 4)
    at += 8 + (has & flags.sampleFlags ? 4 : 0) + (has & flags.offset ? 4 : 0)
    frames.push({ data: body.subarray(dataAt, dataAt + size), atMs: (ticks * 1000) / rateHz })
    dataAt += size
    ticks += duration
  }
  return frames
}

/** The AudioSpecificConfig of an audio track's initialisation segment; null where there is none. */
export function readAudioConfig(init: Buffer): Buffer | null {
  const esds = init.indexOf('esds')
  if (esds < 0) return null
  // Version and flags, then descriptors in each other: ES (3), decoder (4), its settings (5).
  let at = esds + 8
  for (const [tag, skip] of [
    [3, 3],
    [4, 13],
    [5, 0],
  ] as const) {
    if (init[at++] !== tag) return null
    let length = 0
    let byte: number
    do {
      byte = init[at++] ?? 0
      length = length * 128 + (byte & 0x7f)
    } while (byte & 0x80)
    if (tag === 5) return init.subarray(at, at + length)
    at += skip
  }
  return null
}

/** Content of the first box of that type in a range. */
function findBox(body: Buffer, type: string, from: number, to: number): { start: number; end: number } {
  let at = from
  while (at + 8 <= to) {
    const size = body.readUInt32BE(at)
    if (size < 8) break
    if (body.toString('latin1', at + 4, at + 8) === type) return { start: at + 8, end: at + size }
    at += size
  }
  throw new RangeError(`no ${type} in the part`)
}
