import { notFound } from '#contract'
import { type Db, isoTime, newId, pageFrom, problem } from '#sdk'
import type { Access } from '../contract.ts'

/** A set that was announced. `over` is also what nobody came to play, once its time is past (see present.ts). */
export interface PlannedSet {
  id: string
  channelId: string
  title: string
  description: string
  startsAt: string
  endsAt: string | null
  /** Its end, or twelve hours after its beginning. */
  untilAt: string
  /** What its times are shown in to who has not chosen; the times themselves are UTC. */
  timeZone: string | null
  /** Who may watch it, where that is not as the channel says. */
  access: Access | null
  coverKey: string | null
  status: 'planned' | 'live' | 'over' | 'cancelled'
  streamId: string | null
  /** Grows with each change, as calendars want it (RFC 5545, section 3.8.7.4). */
  sequence: number
  createdAt: string
  updatedAt: string
}

export type SetInput = Pick<
  PlannedSet,
  'title' | 'description' | 'startsAt' | 'endsAt' | 'timeZone' | 'access'
>

const table = 'live_events'
const openEndMs = 12 * 3_600_000

const untilOf = ({ startsAt, endsAt }: Pick<PlannedSet, 'startsAt' | 'endsAt'>): string =>
  endsAt ?? isoTime(new Date(Date.parse(startsAt) + openEndMs))

export async function insertSet(db: Db, channelId: string, input: SetInput): Promise<PlannedSet> {
  const now = isoTime()
  const set: PlannedSet = {
    id: newId(),
    channelId,
    ...input,
    untilAt: untilOf(input),
    coverKey: null,
    status: 'planned',
    streamId: null,
    sequence: 0,
    createdAt: now,
    updatedAt: now,
  }
  await db(table).insert(set)
  return set
}

export async function findSet(db: Db, id: string): Promise<PlannedSet | null> {
  return (await db<PlannedSet>(table).where({ id }).first()) ?? null
}

export async function getSet(db: Db, id: string): Promise<PlannedSet> {
  const set = await findSet(db, id)
  if (!set) throw problem(notFound)
  return set
}

export async function setsByIds(db: Db, ids: string[]): Promise<Map<string, PlannedSet>> {
  const rows: PlannedSet[] =
    ids.length === 0 ? [] : await db<PlannedSet>(table).whereIn('id', [...new Set(ids)])
  return new Map(rows.map((row) => [row.id, row]))
}

/** What is still to come or is on, soonest first. */
export async function listUpcoming(
  db: Db,
  page: { channelId?: string; after?: string | undefined; limit: number },
): Promise<{ items: PlannedSet[]; next: string | null }> {
  const query = db<PlannedSet>(table)
    .whereIn('status', ['planned', 'live'])
    .where('untilAt', '>', isoTime())
    .orderBy('startsAt')
    .orderBy('id')
    .limit(page.limit + 1)
  if (page.channelId) query.where({ channelId: page.channelId })
  const last = page.after ? await findSet(db, page.after) : null
  if (last)
    query.where((later) =>
      later
        .where('startsAt', '>', last.startsAt)
        .orWhere((same) => same.where('startsAt', last.startsAt).where('id', '>', last.id)),
    )
  const rows: PlannedSet[] = await query
  return pageFrom(rows, page.limit)
}

/** For calendars, which must also hear of what was cancelled: by beginning, whatever became of it. */
export async function listSetsSince(db: Db, since: string, limit: number): Promise<PlannedSet[]> {
  return db<PlannedSet>(table).where('untilAt', '>=', since).orderBy('startsAt').orderBy('id').limit(limit)
}

/** Those that a stream of the channel beginning at `at` may be: up to `earlyMs` before their beginning. */
export async function setsAround(
  db: Db,
  channelId: string,
  { at, earlyMs }: { at: Date; earlyMs: number },
): Promise<PlannedSet[]> {
  return db<PlannedSet>(table)
    .where({ channelId })
    .whereNot({ status: 'cancelled' })
    .where('startsAt', '<=', isoTime(new Date(at.getTime() + earlyMs)))
    .where('untilAt', '>=', isoTime(at))
    .orderBy('startsAt')
}

/** Counts as a change for those who have it in their calendar. */
export async function updateSet(db: Db, set: PlannedSet, changes: Partial<SetInput>): Promise<PlannedSet> {
  const next = { ...set, ...changes }
  const untilAt = untilOf(next)
  const rows: PlannedSet[] = await db<PlannedSet>(table)
    .where({ id: set.id })
    .increment('sequence', 1)
    .update({ ...changes, untilAt, updatedAt: isoTime() })
    .returning('*')
  const [row] = rows
  if (!row) throw problem(notFound)
  return row
}

export async function setCover(db: Db, id: string, coverKey: string | null): Promise<void> {
  await db(table).where({ id }).update({ coverKey, updatedAt: isoTime() })
}

/** False when it was cancelled before, or has been. */
export async function markCancelled(db: Db, id: string): Promise<boolean> {
  const changes = { status: 'cancelled', updatedAt: isoTime() }
  return (
    (await db(table)
      .where({ id })
      .whereIn('status', ['planned', 'live'])
      .increment('sequence', 1)
      .update(changes)) > 0
  )
}

export async function markOn(db: Db, id: string, streamId: string): Promise<void> {
  await db(table).where({ id }).whereNot({ status: 'cancelled' }).update({ status: 'live', streamId })
}

/** The stream that was it has ended. */
export async function markOver(db: Db, streamId: string): Promise<void> {
  await db(table).where({ streamId, status: 'live' }).update({ status: 'over' })
}

export async function removeSet(db: Db, id: string): Promise<void> {
  await db(table).where({ id }).delete()
}
