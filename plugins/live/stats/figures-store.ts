import { type Db, isoTime } from '#sdk'
import type { Audience, KindCounts, Step } from './show-figures.ts'

export interface AudienceRow extends Audience {
  streamId: string
  updatedAt: string
  /** Who could have stayed so many minutes; null while that follows from the steps. */
  due: number[] | null
}

export interface ReplayRow {
  streamId: string
  processId: string
  people: number
  /** How many watched each ten seconds of the recording. */
  buckets: number[]
  kinds: KindCounts
}

/** Ten seconds of a show; told again they replace what was told. */
export async function saveStep(db: Db, streamId: string, step: Step): Promise<void> {
  await db('live_steps')
    .insert({ streamId, ...step })
    .onConflict(['stream_id', 'at'])
    .merge()
}

export async function saveAudience(db: Db, streamId: string, audience: Audience): Promise<void> {
  const { people, peak, watchS, stays, kinds } = audience
  const row = {
    streamId,
    people,
    peak,
    watchS,
    staysJson: JSON.stringify({ stays }),
    kindsJson: JSON.stringify(kinds),
    updatedAt: isoTime(),
  }
  await db('live_audiences').insert(row).onConflict('stream_id').merge()
}

export async function listSteps(db: Db, streamId: string): Promise<Step[]> {
  const rows: (Step & { streamId: string })[] = await db('live_steps').where({ streamId }).orderBy('at')
  return rows.map(({ streamId: _streamId, ...step }) => step)
}

export async function audiencesOf(db: Db, streamIds: readonly string[]): Promise<Map<string, AudienceRow>> {
  const rows: Stored[] = await db('live_audiences').whereIn('streamId', [...streamIds])
  return new Map(rows.map((row) => [row.streamId, audienceOf(row)]))
}

/** Absolute figures of one process: told again they replace what was told. */
export async function saveReplay(db: Db, row: ReplayRow): Promise<void> {
  const { streamId, processId, people, buckets, kinds } = row
  const stored = {
    streamId,
    processId,
    people,
    bucketsJson: JSON.stringify(buckets),
    kindsJson: JSON.stringify(kinds),
    updatedAt: isoTime(),
  }
  await db('live_replay_audiences').insert(stored).onConflict(['stream_id', 'process_id']).merge()
}

/** What all processes counted, added up. */
export async function replaysOf(
  db: Db,
  streamIds: readonly string[],
): Promise<Map<string, Pick<ReplayRow, 'people' | 'buckets'>>> {
  const rows: StoredReplay[] = await db('live_replay_audiences').whereIn('streamId', [...streamIds])
  const sums = new Map<string, Pick<ReplayRow, 'people' | 'buckets'>>()
  for (const { streamId, people, bucketsJson } of rows) {
    const sum = sums.get(streamId) ?? { people: 0, buckets: [] }
    sums.set(streamId, { people: sum.people + people, buckets: addUp(sum.buckets, bucketsJson) })
  }
  return sums
}

export async function listReplayRows(db: Db, before: string): Promise<ReplayRow[]> {
  const rows: StoredReplay[] = await db('live_replay_audiences').where('updatedAt', '<', before)
  return rows.map(({ bucketsJson, kindsJson, ...row }) => ({
    ...row,
    buckets: bucketsJson,
    kinds: kindsJson,
  }))
}

export async function removeReplayRow(db: Db, of: { streamId: string; processId: string }): Promise<void> {
  await db('live_replay_audiences').where(of).delete()
}

/** Shows with steps finer than an hour from before that time, at most so many. */
export async function listFineShows(db: Db, before: string, limit: number): Promise<string[]> {
  const rows: { streamId: string }[] = await db('live_steps')
    .distinct('streamId')
    .where({ stepS: 10 })
    .where('at', '<', before)
    .limit(limit)
  return rows.map(({ streamId }) => streamId)
}

export async function replaceSteps(
  db: Db,
  streamId: string,
  change: { before: string; steps: readonly Step[]; due: number[] },
): Promise<void> {
  await db.tx(async (db) => {
    await db('live_steps').where({ streamId }).where('at', '<', change.before).delete()
    for (const step of change.steps) await saveStep(db, streamId, step)
    const known = (await audiencesOf(db, [streamId])).get(streamId)
    if (!known || known.due !== null) return
    const staysJson = JSON.stringify({ stays: known.stays, due: change.due })
    await db('live_audiences').where({ streamId }).update({ staysJson })
  })
}

interface Stored {
  streamId: string
  people: number
  peak: number
  watchS: number
  staysJson: { stays: number[]; due?: number[] }
  kindsJson: KindCounts
  updatedAt: string
}
interface StoredReplay {
  streamId: string
  processId: string
  people: number
  bucketsJson: number[]
  kindsJson: KindCounts
}

function audienceOf({ staysJson, kindsJson, ...row }: Stored): AudienceRow {
  return { ...row, stays: staysJson.stays, due: staysJson.due ?? null, kinds: kindsJson }
}

export function addUp(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_none, i) => (a[i] ?? 0) + (b[i] ?? 0))
}
