import type { Storyboard } from '../../contract.ts'

/** Where the picture of a moment lies: its sheet, and its place there. */
interface StillPlace {
  sheet: string
  column: number
  row: number
}

/** The picture that stands for a position of a recording; null where the sheets do not reach so far. */
export function stillAt(board: Storyboard, atMs: number): StillPlace | null {
  const { everyMs, count, columns, rows, sheets } = board
  const picture = Math.min(count - 1, Math.max(0, Math.floor(atMs / everyMs)))
  const place = picture % (columns * rows)
  const sheet = sheets[Math.floor(picture / (columns * rows))]
  return sheet === undefined ? null : { sheet, column: place % columns, row: Math.floor(place / columns) }
}
