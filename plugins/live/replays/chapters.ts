import { type Db, newId } from '#sdk'
import { type Chapter, type ClockPoint, positionOf } from '../contract.ts'

/** Where something new begins, by the stream's clock. */
export interface Mark {
  beginsAt: string
  title: string
}

const table = 'live_chapters'

export async function insertChapter(db: Db, streamId: string, mark: Mark): Promise<void> {
  await db(table).insert({ id: newId(), streamId, ...mark })
}

/** Puts these in the place of those that were. */
export async function replaceChapters(db: Db, streamId: string, marks: readonly Mark[]): Promise<void> {
  await db(table).where({ streamId }).delete()
  const rows = marks.map((mark) => ({ id: newId(), streamId, ...mark }))
  if (rows.length > 0) await db(table).insert(rows)
}

export async function countChapters(db: Db, streamId: string): Promise<number> {
  const row = await db(table).where({ streamId }).count({ n: '*' }).first()
  return Number(row?.n ?? 0)
}

/** Of several streams, by their beginning. */
export async function marksOf(db: Db, streamIds: string[]): Promise<Map<string, Mark[]>> {
  if (streamIds.length === 0) return new Map()
  const rows: (Mark & { streamId: string })[] = await db(table)
    .whereIn('streamId', streamIds)
    .orderBy(['beginsAt', 'id'])
  return Map.groupBy(rows, ({ streamId }) => streamId)
}

/** Marks by their dates as places of what is shown; what began before it is at a negative one. */
export function placesOf(marks: readonly Mark[], clock: readonly ClockPoint[]): Chapter[] {
  return marks.map(({ beginsAt, title }) => ({ atMs: positionOf(clock, beginsAt) ?? -1, title }))
}

/**
 * Places in order. What began before the beginning is still going on, and so begins with it; what would begin at the
 * end or later is left out, and of several at one place the last counts.
 */
export function chaptersOf(places: readonly Chapter[], durationMs: number): Chapter[] {
  const byPlace = new Map<number, Chapter>()
  for (const { atMs, title } of [...places].sort((a, b) => a.atMs - b.atMs)) {
    const at = Math.max(0, Math.round(atMs))
    if (at < durationMs) byPlace.set(at, { atMs: at, title })
  }
  return [...byPlace.values()]
}
