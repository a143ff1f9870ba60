import { type Db, newId } from '#sdk'
import { type Chapter, type ClockPoint, mostChapters, positionOf } from '../contract.ts'
import type { CameraPlace } from './made-chapters.ts'

/** Where something new begins, by the stream's clock. */
export interface Mark {
  beginsAt: string
  title: string
  /** The director's new main picture, by its title then, empty without one; null for what somebody named. */
  camera?: number | null
}

const table = 'live_chapters'

export async function insertChapter(db: Db, streamId: string, mark: Mark): Promise<void> {
  await db(table).insert({ id: newId(), streamId, ...mark })
}

/** Another main picture from now on; no more of them than a recording may have chapters. */
export async function insertCameraMark(
  db: Db,
  streamId: string,
  mark: Mark & { camera: number },
): Promise<void> {
  const row = await db(table).where({ streamId }).whereNotNull('camera').count({ n: '*' }).first()
  if (Number(row?.n ?? 0) < mostChapters) await db(table).insert({ id: newId(), streamId, ...mark })
}

/** Puts these in the place of those that were; changes of the camera stay. */
export async function replaceChapters(db: Db, streamId: string, marks: readonly Mark[]): Promise<void> {
  await db(table).where({ streamId, camera: null }).delete()
  const rows = marks.map((mark) => ({ id: newId(), streamId, ...mark }))
  if (rows.length > 0) await db(table).insert(rows)
}

/** Of those that somebody named. */
export async function countChapters(db: Db, streamId: string): Promise<number> {
  const row = await db(table).where({ streamId, camera: null }).count({ n: '*' }).first()
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

/** Marks that somebody named as places of what is shown; what began before it is at a negative one. */
export function placesOf(marks: readonly Mark[], clock: readonly ClockPoint[]): Chapter[] {
  const named = marks.filter(({ camera }) => typeof camera !== 'number')
  return named.map(({ beginsAt, title }) => ({ atMs: positionOf(clock, beginsAt) ?? -1, title }))
}

/** Those among marks that the director made by changing cameras, as places of what is shown. */
export function cameraPlacesOf(marks: readonly Mark[], clock: readonly ClockPoint[]): CameraPlace[] {
  return marks.flatMap(({ beginsAt, camera, title }) => {
    if (typeof camera !== 'number') return []
    return [{ atMs: positionOf(clock, beginsAt) ?? -1, camera, title: title === '' ? null : title }]
  })
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
