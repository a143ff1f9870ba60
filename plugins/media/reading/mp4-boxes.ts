import type { ByteFile } from './byte-file.ts'

export interface Mp4Box {
  type: string
  /** Of its content, in the file. */
  bodyAt: number
  end: number
}

/** More than a day in fragments of a second. */
const mostBoxes = 250_000

/**
 * The boxes (ISO 14496-12, 4.2) between two places of the file. One that reaches beyond the end is cut there and
 * reported; the walk stops where there is no box.
 */
export async function boxesOf(
  file: ByteFile,
  from: number,
  end: number,
): Promise<{ boxes: Mp4Box[]; isCut: boolean }> {
  const boxes: Mp4Box[] = []
  let at = from
  while (at + 8 <= end && boxes.length < mostBoxes) {
    const header = await file.read(at, 16)
    const box = header.length < 8 ? null : boxAt(header, at, end)
    if (!box) break
    boxes.push({ ...box, end: Math.min(box.end, end) })
    if (box.end > end) return { boxes, isCut: true }
    at = box.end
  }
  return { boxes, isCut: false }
}

function boxAt(header: Buffer, at: number, end: number): Mp4Box | null {
  const type = header.toString('latin1', 4, 8)
  const size = header.readUInt32BE(0)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no type of a box has them.
  if (/[\x00-\x1f]/.test(type)) return null
  if (size === 0) return { type, bodyAt: at + 8, end }
  if (size !== 1) return size < 8 ? null : { type, bodyAt: at + 8, end: at + size }
  const large = header.length < 16 ? 0 : Number(header.readBigUInt64BE(8))
  return large < 16 ? null : { type, bodyAt: at + 16, end: at + large }
}
