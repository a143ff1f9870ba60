import type { Rendition } from './types.ts'

/** Samples of an AAC-LC frame. */
const frame = 1024

interface Box {
  type: string
  at: number
  end: number
}

/**
 * Muxers tell the last AAC frame shorter than it decodes, and browsers then play the rest of it before the next track.
 * Told whole, the frame is cut by the append window, to the sample. Changes the bytes (ISO 14496-12, `trun`, `tfhd`).
 */
export function tellWholeFrame(bytes: ArrayBuffer, rendition: Rendition): void {
  const told = rendition.segments.reduce((sum, [, , samples]) => sum + samples, 0)
  if (rendition.codec === 'flac' || told % frame === 0) return
  const view = new DataView(bytes)
  const traf = boxes(view, 0, view.byteLength)
    .filter(({ type }) => type === 'moof')
    .flatMap((moof) => boxes(view, moof.at + 8, moof.end))
    .findLast(({ type }) => type === 'traf')
  if (!traf) return
  const inside = boxes(view, traf.at + 8, traf.end)
  const trun = inside.findLast(({ type }) => type === 'trun')
  const tfhd = inside.find(({ type }) => type === 'tfhd')
  if (!trun || !tfhd) return
  const flags = view.getUint32(trun.at + 8)
  const count = view.getUint32(trun.at + 12)
  const step = 4 * [0x100, 0x200, 0x400, 0x800].filter((flag) => flags & flag).length
  const headFlags = view.getUint32(tfhd.at + 8)
  if (flags & 0x100) view.setUint32(trun.end - step, frame)
  else if (count === 1 && headFlags & 0x8)
    view.setUint32(tfhd.at + 16 + (headFlags & 0x1 ? 8 : 0) + (headFlags & 0x2 ? 4 : 0), frame)
}

function boxes(view: DataView, from: number, to: number): Box[] {
  const found: Box[] = []
  for (let at = from; at + 8 <= to; ) {
    const size = view.getUint32(at)
    if (size < 8) break
    const type = String.fromCharCode(...[4, 5, 6, 7].map((place) => view.getUint8(at + place)))
    found.push({ type, at, end: Math.min(at + size, to) })
    at += size
  }
  return found
}
