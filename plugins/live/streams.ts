import { notFound } from '#contract'
import { type Db, isoTime, newId, pageFrom, problem } from '#sdk'
import { type Pictured, pictureOf } from './cameras/angles.ts'
import { choicesOf } from './cameras/cameras.ts'
import { keepShowListed, withAngles } from './cameras/shows.ts'
import type { Access } from './contract.ts'
import { guardOf } from './events/guard.ts'
import type { EndReason, RecordingSummary } from './media/types.ts'

/**
 * One time on air. `starting` is accepted but not yet playable and shown to nobody; `interrupted` waits for its
 * publisher; an ended one with media is a replay.
 */
export interface Stream {
  id: string
  channelId: string
  keyId: string
  camera: number
  /** The first stream of the show: streams of a channel that overlap are one. */
  showId: string
  /** Stands for its show among the replays. */
  isMain: boolean
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
  /** Who may watch, where the planned set says other than the channel; null: as the channel says. */
  access: Access | null
  /** The planned set that this is. */
  eventId: string | null
  /** The machine that its media lie on; null for one from before there were several. */
  originId: string | null
  /** Added to its dates they mean the moment of sending with the least delay; null until measured. */
  clockOffsetMs: number | null
  /** The same by the time code of the encoder; null where it sends none. */
  timeCodeOffsetMs: number | null
}

const table = 'live_streams'

export async function insertStream(
  db: Db,
  input: {
    channelId: string
    keyId: string
    title: string
    camera?: number
    showId?: string | undefined
    originId?: string
  },
): Promise<Stream> {
  const id = newId()
  const { camera = 1, showId = id } = input
  const stream: Stream = {
    id,
    originId: null,
    ...input,
    camera,
    showId,
    isMain: showId === id,
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
    ...(await guardOf(db, { channelId: input.channelId, showId })),
    clockOffsetMs: null,
    timeCodeOffsetMs: null,
  }
  await db(table).insert(stream)
  return stream
}

export async function findStream(db: Db, id: string): Promise<Stream | null> {
  return (await db<Stream>(table).where({ id }).first()) ?? null
}

/** Removed ones too. */
export async function findStreams(db: Db, ids: string[]): Promise<Map<string, Stream>> {
  const rows: Stream[] = ids.length === 0 ? [] : await db<Stream>(table).whereIn('id', ids)
  return new Map(rows.map((row) => [row.id, row]))
}

/** A stream that is not ended, whatever state it is in. */
export async function listOpenStreams(db: Db): Promise<Stream[]> {
  return db<Stream>(table).whereNot({ status: 'ended' }).orderBy('id')
}

/** Every camera that viewers can play now, or that they wait for; oldest first. */
export async function camerasOnAir(db: Db, channelIds?: string[]): Promise<Stream[]> {
  const query = db<Stream>(table)
    .whereIn('status', ['live', 'interrupted'])
    .where({ isRemoved: false })
    .whereNotNull('startedAt')
    .whereNull('stopReason')
    .orderBy('id')
  return channelIds ? query.whereIn('channelId', channelIds) : query
}

/** What viewers get now, by channel: its main picture with the other cameras. */
export async function streamsOnAir(db: Db, channelIds?: string[]): Promise<Map<string, Pictured>> {
  const onAir = Map.groupBy(await camerasOnAir(db, channelIds), ({ channelId }) => channelId)
  const several = [...onAir].filter(([, streams]) => streams.length > 1).map(([channelId]) => channelId)
  const choices = await choicesOf(db, several)
  const pictures = new Map<string, Pictured>()
  for (const [channelId, streams] of onAir) {
    const picture = pictureOf(streams, choices.get(channelId))
    if (picture) pictures.set(channelId, picture)
  }
  return pictures
}

/** The same of one channel. */
export async function streamOnAir(db: Db, channelId: string): Promise<Pictured | undefined> {
  return (await streamsOnAir(db, [channelId])).get(channelId)
}

/** Ended streams with media, and interrupted ones with what was received so far; newest first, one for a show. */
export async function listReplays(
  db: Db,
  page: { channelId?: string; after?: string | undefined; limit: number },
): Promise<{ items: Pictured[]; next: string | null }> {
  const query = replays(db)
    .where({ isMain: true })
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.channelId) query.where({ channelId: page.channelId })
  if (page.after) query.where('id', '<', page.after)
  const rows: Stream[] = await query
  const { items, next } = pageFrom(rows, page.limit)
  return { items: await withAngles(db, items), next }
}

/** Bytes of everything that is recorded, what is on air too as far as it is told. */
export async function sumRecordings(db: Db): Promise<number> {
  const row = await db(table).where({ isRemoved: false }).sum({ bytes: 'sizeBytes' }).first()
  return Number(row?.bytes ?? 0)
}

/** Finished recordings that could be given up, the first first. */
export async function listOldestReplays(db: Db, limit: number): Promise<Stream[]> {
  return db<Stream>(table)
    .where({ status: 'ended', isRemoved: false })
    .where('sizeBytes', '>', 0)
    .orderBy('id')
    .limit(limit)
}

/** Every stream of those channels, oldest first, removed ones too. */
export async function listStreamsOf(db: Db, channelIds: string[]): Promise<Stream[]> {
  return channelIds.length === 0 ? [] : db<Stream>(table).whereIn('channelId', channelIds).orderBy('id')
}

export async function getReplay(db: Db, id: string): Promise<Pictured> {
  const stream: Stream | undefined = await replays(db).where({ id }).first()
  const [recording] = stream ? await withAngles(db, [stream]) : []
  if (!recording) throw problem(notFound)
  return recording
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
  if (changed > 0) await keepShowListed(db, id)
  return changed > 0
}

/** Asks the ingest process to end streams; returns how many there are to end. */
export async function requestStop(
  db: Db,
  which: { id: string } | { keyId: string } | { channelId: string },
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
  await keepShowListed(db, id)
}

/** Where the clock of a camera stands, by arrival and by time code. */
export async function setClock(
  db: Db,
  id: string,
  clock: Pick<Stream, 'clockOffsetMs' | 'timeCodeOffsetMs'>,
): Promise<void> {
  const { clockOffsetMs, timeCodeOffsetMs } = clock
  await db(table).where({ id }).update({ clockOffsetMs, timeCodeOffsetMs })
}

/** All cameras of a show are the same planned set, for the same people. */
export async function guardShow(
  db: Db,
  showId: string,
  guard: Pick<Stream, 'access' | 'eventId'>,
): Promise<void> {
  const { access, eventId } = guard
  await db(table).where({ showId }).update({ access, eventId })
}

/** Whether any camera of the show still sends, or may. */
export async function isShowOn(db: Db, showId: string): Promise<boolean> {
  return (await db(table).where({ showId }).whereNot({ status: 'ended' }).first('id')) !== undefined
}
