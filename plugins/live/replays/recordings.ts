import type { Db } from '#sdk'
import type { ClockPoint } from '../contract.ts'
import type { StoryboardRow } from './storyboard/plan.ts'

/** What is known of a recording beside its stream's row, once it was finished. */
export interface RecordingRow {
  streamId: string
  /** Of all its media; the stream's own `durationMs` is of what is shown. */
  wholeMs: number
  /** Positions of the whole; both null where nothing was cut off. */
  trimStartMs: number | null
  trimEndMs: number | null
  /** Where what is shown begins on the stream's own timeline (`IndexEntry.startMs`). */
  startsMs: number
  /** Of what is shown. */
  clockJson: ClockPoint[]
  /** Its chapters were written by hand: song titles make no more of them. */
  hasOwnChapters: boolean
  /** Null until it is made, and for what has none. */
  storyboardJson: StoryboardRow | null
}

const table = 'live_recordings'

export async function findRecordings(db: Db, streamIds: string[]): Promise<Map<string, RecordingRow>> {
  if (streamIds.length === 0) return new Map()
  const rows: RecordingRow[] = await db(table).whereIn('streamId', streamIds)
  return new Map(rows.map((row) => [row.streamId, row]))
}

/** Writes all of it but the mark of chapters and the storyboard, which stay. */
export async function setRecording(
  db: Db,
  row: Omit<RecordingRow, 'hasOwnChapters' | 'storyboardJson'>,
): Promise<void> {
  const stored = { ...row, clockJson: JSON.stringify(row.clockJson) }
  await db(table)
    .insert({ ...stored, hasOwnChapters: false })
    .onConflict('stream_id')
    .merge(stored)
}

export async function setOwnChapters(db: Db, streamId: string): Promise<void> {
  await db(table).where({ streamId }).update({ hasOwnChapters: true })
}

export async function setStoryboard(db: Db, streamId: string, row: StoryboardRow | null): Promise<void> {
  const storyboardJson = row && JSON.stringify(row)
  await db(table).where({ streamId }).update({ storyboardJson })
}
