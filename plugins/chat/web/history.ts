import type { Message } from '../contract.ts'

/** Messages are fetched by pieces of this length, each once. */
export const pieceMs = 5 * 60_000
/** So long before the end of a piece the next is fetched. */
const aheadMs = 45_000
/** As many as are drawn at once. */
const mostShown = 200

export type Pieces = ReadonlyMap<number, readonly Message[]>

const pieceAt = (atMs: number) => Math.floor(atMs / pieceMs)

/** The pieces that are needed at a date: its own, the one before, and the next in time. */
export function neededAt(atMs: number): number[] {
  const piece = pieceAt(atMs)
  const isNearEnd = atMs - piece * pieceMs > pieceMs - aheadMs
  return isNearEnd ? [piece - 1, piece, piece + 1] : [piece - 1, piece]
}

/** What had been said at a date, the last of it, oldest first. */
export function saidBy(pieces: Pieces, atMs: number): Message[] {
  const piece = pieceAt(atMs)
  const lately = [...(pieces.get(piece - 1) ?? []), ...(pieces.get(piece) ?? [])]
  return lately.filter(({ createdAt }) => Date.parse(createdAt) <= atMs).slice(-mostShown)
}
