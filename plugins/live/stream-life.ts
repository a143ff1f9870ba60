import type { Db } from '#sdk'
import { choicesOf } from './cameras/cameras.ts'
import type { Clock } from './cameras/clock-book.ts'
import { leadShow, listShows } from './cameras/shows.ts'
import type { Channel } from './channels.ts'
import { finishRecording, makePoster, streamEnded, streamStarted } from './contract.ts'
import { recordingPrefix } from './desk.ts'
import { recordingSummary, repairRecording } from './media/recording.ts'
import type { EndReason, RecordingSummary, StreamTarget } from './media/types.ts'
import { nodeIdOf } from './nodes/node-id.ts'
import type { LiveContext } from './settings.ts'
import { type StreamKeyRow, touchKey } from './stream-keys.ts'
import { insertStream, markEnded, markInterrupted, markLive, type Stream, setClock } from './streams.ts'

const posterAfterMs = 6_000

/** Where the ingest writes the stream, and how. */
export function targetOf(ctx: LiveContext, streamId: string, channel?: Channel): StreamTarget {
  const { segmentMs, windowS, lowLatency, ladder } = ctx.settings.get()
  const keep = channel?.keepS ? { keepMs: channel.keepS * 1000 } : {}
  const dir = folderOf(ctx, streamId)
  return { id: streamId, dir, segmentMs, windowMs: windowS * 1000, lowLatency, ladder, ...keep }
}

/** Which camera of which show; of one of its own where none is named. */
export interface Place {
  camera: number
  showId: string | undefined
}

/** A publisher was let in; nothing can be played yet. */
export function begin(ctx: LiveContext, channel: Channel, key: StreamKeyRow, place: Place): Promise<Stream> {
  return ctx.db.tx(async (db) => {
    await touchKey(db, key.id)
    const originId = nodeIdOf(ctx)
    return insertStream(db, {
      channelId: channel.id,
      keyId: key.id,
      title: channel.title,
      originId,
      ...place,
    })
  })
}

/** First media after a publish. The event is told once a show, with its first picture or sound. */
export async function play(
  ctx: LiveContext,
  stream: Stream,
  tracks: { hasVideo: boolean; hasAudio: boolean },
): Promise<Stream> {
  const { id } = stream
  const hasVideo = stream.hasVideo || tracks.hasVideo
  const hasAudio = stream.hasAudio || tracks.hasAudio
  const startedAt = await ctx.db.tx(async (db) => {
    const at = new Date(Date.now() + posterAfterMs)
    if (hasVideo) await ctx.jobs.enqueue(db, makePoster, { streamId: id }, { at, key: `poster:${id}` })
    if (stream.startedAt === null) await joinShow(ctx, db, stream)
    return markLive(db, id, { hasVideo, hasAudio, startedAt: stream.startedAt })
  })
  return { ...stream, status: 'live', interruptedAt: null, startedAt, hasVideo, hasAudio }
}

/** The camera that is chosen, and each that follows another on it, stands for the show among the replays. */
async function joinShow(ctx: LiveContext, db: Db, stream: Stream): Promise<void> {
  const { id, showId, camera, channelId } = stream
  const others = (await listShows(db, [showId])).filter((other) => other.id !== id)
  if (others.every(({ startedAt }) => startedAt === null))
    await ctx.events.emit(db, streamStarted, { streamId: id, channelId })
  if (others.length === 0) return
  const chosen = (await choicesOf(db, [channelId])).get(channelId)?.mainCamera
  const isFollowing = others.some((other) => other.isMain && other.camera === camera)
  if (camera === chosen || isFollowing) await leadShow(db, showId, camera)
}

/** The publisher is gone. What was received so far can be played as a replay meanwhile. */
export async function interrupt(ctx: LiveContext, stream: Stream): Promise<Stream> {
  const summary = await recordingSummary(folderOf(ctx, stream.id))
  const interruptedAt = await markInterrupted(ctx.db, stream.id, summary)
  const { durationMs, sizeBytes } = summary
  return { ...stream, status: 'interrupted', interruptedAt, durationMs, sizeBytes }
}

/** No more will come. Harmless when told twice. */
export async function end(
  ctx: LiveContext,
  stream: Stream,
  how: { reason: EndReason; recording: RecordingSummary; clock?: Clock | null },
): Promise<void> {
  const { id, startedAt } = stream
  await ctx.db.tx(async (db) => {
    if (!(await markEnded(db, id, how))) return
    if (how.clock) await setClock(db, id, how.clock)
    if (startedAt) await leaveShow(ctx, db, stream)
    await ctx.jobs.enqueue(db, finishRecording, { streamId: id })
  })
}

/** The last camera to leave ends the show; it is told of by the stream that began it. */
async function leaveShow(ctx: LiveContext, db: Db, { id, showId, channelId }: Stream): Promise<void> {
  const started = (await listShows(db, [showId])).filter(({ startedAt }) => startedAt !== null)
  if (started.some(({ status }) => status !== 'ended')) return
  const [first] = started.sort((a, b) => ((a.startedAt ?? '') < (b.startedAt ?? '') ? -1 : 1))
  await ctx.events.emit(db, streamEnded, { streamId: first?.id ?? id, channelId })
}

/**
 * Makes what the last run left of a stream whole, before anybody is shown it. Tells when its newest media ends, in ms
 * since 1970; 0 where there is none.
 */
export async function mend(ctx: LiveContext, streamId: string): Promise<number> {
  const { entries = [], lost = 0 } = (await repairRecording(folderOf(ctx, streamId))) ?? {}
  if (lost > 0) ctx.log.warn({ streamId, lost }, 'the newest segments of a stream did not come to the disk')
  // The tracks' last segments are among the last few lines.
  return Math.max(0, ...entries.slice(-4).map((entry) => Date.parse(entry.at) + entry.durationMs))
}

const folderOf = (ctx: LiveContext, streamId: string) => ctx.storage.localFolder(recordingPrefix(streamId))
