import { type Db, isoTime } from '#sdk'

/** A process as the others see it: its beat goes on while it lives. */
export interface ProcessRow {
  id: string
  beat: number
  seenAt: string
}

/** Who watches a stream by one process's requests; see members.ts. */
export interface WatchingRow {
  processId: string
  streamId: string
  version: number
  members: string
}

export async function listProcesses(db: Db): Promise<ProcessRow[]> {
  return db<ProcessRow>('live_processes').select('id', 'beat', 'seenAt')
}

export async function saveProcess(db: Db, id: string, beat: number): Promise<void> {
  await db('live_processes').insert({ id, beat, seenAt: isoTime() }).onConflict('id').merge()
}

export async function saveWatching(db: Db, row: WatchingRow): Promise<void> {
  await db('live_watching')
    .insert({ ...row, changedAt: isoTime() })
    .onConflict(['process_id', 'stream_id'])
    .merge()
}

export async function removeWatching(db: Db, of: { processId: string; streamId?: string }): Promise<void> {
  await db('live_watching').where(of).delete()
}

/** Without the members: what there is, and how new. */
export async function listWatchingHeads(
  db: Db,
  processIds: readonly string[],
): Promise<Omit<WatchingRow, 'members'>[]> {
  return db<WatchingRow>('live_watching')
    .select('processId', 'streamId', 'version')
    .whereIn('processId', [...processIds])
}

export async function listWatching(
  db: Db,
  which: readonly Pick<WatchingRow, 'processId' | 'streamId'>[],
): Promise<WatchingRow[]> {
  if (which.length === 0) return []
  return db<WatchingRow>('live_watching')
    .select('processId', 'streamId', 'version', 'members')
    .whereIn(
      ['processId', 'streamId'],
      which.map(({ processId, streamId }) => [processId, streamId]),
    )
}

/** Everybody who was there lately, by a process that is gone or not: since when they watched. */
export async function listRecentWatching(db: Db, since: string): Promise<WatchingRow[]> {
  return db<WatchingRow & { changedAt: string }>('live_watching')
    .select('processId', 'streamId', 'version', 'members')
    .where('changedAt', '>=', since)
}

export async function removeProcess(db: Db, id: string): Promise<void> {
  await db('live_processes').where({ id }).delete()
}

/** Forgets processes that ended without saying so, and who watched there. */
export async function removeStale(db: Db, before: string): Promise<void> {
  await db('live_processes').where('seenAt', '<', before).delete()
  await db('live_watching').where('changedAt', '<', before).delete()
}
