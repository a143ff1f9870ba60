import { notFound } from '#contract'
import { type Db, isoTime, newId, problem } from '#sdk'
import type { EndReason, RecordingSummary } from './media/types.ts'

/**
 * One time on air. `starting` is accepted but not yet playable and shown to nobody; `interrupted` waits for its
 * publisher; an ended one with media is a replay.
 */
export interface Stream {
  id: string
  channelId: string
  keyId: string
  title: string
  status: 'starting' | 'live' | 'interrupted' | 'ended'
  createdAt: string
  /** When it first became playable. */
  startedAt: string | null
  interruptedAt: string | null
  endedAt: string | null
  endReason: EndReason | null
  /** Asked to end, by hand or by a revoked key; the ingest process acts on it. */
  stopReason: EndReason | null
  durationMs: number
  sizeBytes: number
  hasVideo: boolean
  hasAudio: boolean
  posterKey: string | null
  isRemoved: boolean
}

const table = 'live_streams'

export async function insertStream(
  db: Db,
  input: { channelId: string; keyId: string; title: string },
): Promise<Stream> {
  const stream: Stream = {
    id: newId(),
    ...input,
    status: 'starting',
    createdAt: isoTime(),
    startedAt: null,
    interruptedAt: null,
    endedAt: null,
    endReason: null,
    stopReason: null,
    durationMs: 0,
    sizeBytes: 0,
    hasVideo: false,
    hasAudio: false,
    posterKey: null,
    isRemoved: false,
  }
  await db(table).insert(stream)
  return stream
}

export async function findStream(db: Db, id: string): Promise<Stream | null> {
  return (await db<Stream>(table).where({ id }).first()) ?? null
}

/** A stream that is not ended, whatever state it is in. */
export async function listOpenStreams(db: Db): Promise<Stream[]> {
  return db<Stream>(table).whereNot({ status: 'ended' }).orderBy('id')
}

/** What viewers can play now, by channel: the newest stream that is live or waits for its publisher. */
export async function streamsOnAir(db: Db, channelIds?: string[]): Promise<Map<string, Stream>> {
  const query = db<Stream>(table)
    .whereIn('status', ['live', 'interrupted'])
    .where({ isRemoved: false })
    .whereNotNull('startedAt')
    .whereNull('stopReason')
    .orderBy('id')
  const rows: Stream[] = await (channelIds ? query.whereIn('channelId', channelIds) : query)
  return new Map(rows.map((row) => [row.channelId, row]))
}

/** Ended streams with media, and interrupted ones with what was received so far; newest first. */
export async function listReplays(
  db: Db,
  page: { channelId?: string; after?: string | undefined; limit: number },
): Promise<{ items: Stream[]; next: string | null }> {
  const query = replays(db)
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.channelId) query.where({ channelId: page.channelId })
  if (page.after) query.where('id', '<', page.after)
  const rows: Stream[] = await query
  const items = rows.slice(0, page.limit)
  return { items, next: rows.length > page.limit ? (items.at(-1)?.id ?? null) : null }
}

/** Every stream of those channels, oldest first, removed ones too. */
export async function listStreamsOf(db: Db, channelIds: string[]): Promise<Stream[]> {
  return channelIds.length === 0 ? [] : db<Stream>(table).whereIn('channelId', channelIds).orderBy('id')
}

export async function getReplay(db: Db, id: string): Promise<Stream> {
  const stream: Stream | undefined = await replays(db).where({ id }).first()
  if (!stream) throw problem(notFound)
  return stream
}

function replays(db: Db) {
  return db<Stream>(table)
    .whereIn('status', ['ended', 'interrupted'])
    .where({ isRemoved: false })
    .where('durationMs', '>', 0)
}

/** First media is there, after the start or after an interruption. Returns when the stream started. */
export async function markLive(
  db: Db,
  id: string,
  live: Pick<Stream, 'hasVideo' | 'hasAudio' | 'startedAt'>,
): Promise<string> {
  const startedAt = live.startedAt ?? isoTime()
  await db(table)
    .where({ id })
    .update({ ...live, status: 'live', interruptedAt: null, startedAt })
  return startedAt
}

/** The publisher is gone; returns since when. */
export async function markInterrupted(
  db: Db,
  id: string,
  soFar: Pick<RecordingSummary, 'durationMs' | 'sizeBytes'>,
): Promise<string> {
  const interruptedAt = isoTime()
  const { durationMs, sizeBytes } = soFar
  await db(table).where({ id }).update({ status: 'interrupted', interruptedAt, durationMs, sizeBytes })
  return interruptedAt
}

/** False when it was ended before. */
export async function markEnded(
  db: Db,
  id: string,
  end: { reason: EndReason; recording: RecordingSummary },
): Promise<boolean> {
  const { durationMs, sizeBytes } = end.recording
  const changed: number = await db(table)
    .where({ id })
    .whereNot({ status: 'ended' })
    .update({ status: 'ended', endedAt: isoTime(), endReason: end.reason, durationMs, sizeBytes })
  return changed > 0
}

/** Asks the ingest process to end streams; returns how many there are to end. */
export async function requestStop(
  db: Db,
  which: { id: string } | { keyId: string },
  reason: EndReason,
): Promise<number> {
  return db(table).where(which).whereNot({ status: 'ended' }).update({ stopReason: reason })
}

export async function listStopRequests(db: Db): Promise<Pick<Stream, 'id' | 'stopReason'>[]> {
  return db<Stream>(table).select('id', 'stopReason').whereNot({ status: 'ended' }).whereNotNull('stopReason')
}

/** What is really on disk, once nobody writes any more. */
export async function setSummary(db: Db, id: string, summary: RecordingSummary): Promise<void> {
  const { durationMs, sizeBytes } = summary
  await db(table).where({ id }).update({ durationMs, sizeBytes })
}

export async function renameStream(db: Db, id: string, title: string): Promise<void> {
  await db(table).where({ id }).update({ title })
}

export async function setPoster(db: Db, id: string, posterKey: string): Promise<void> {
  await db(table).where({ id }).update({ posterKey })
}

export async function markRemoved(db: Db, id: string): Promise<void> {
  await db(table).where({ id }).update({ isRemoved: true })
}
