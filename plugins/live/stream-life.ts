import type { Channel } from './channels.ts'
import { finishRecording, makePoster, streamEnded, streamStarted } from './contract.ts'
import { recordingPrefix } from './desk.ts'
import { readRecording, recordingSummary } from './media/recording.ts'
import type { EndReason, RecordingSummary, StreamTarget } from './media/types.ts'
import type { LiveContext } from './settings.ts'
import { type StreamKeyRow, touchKey } from './stream-keys.ts'
import { insertStream, markEnded, markInterrupted, markLive, type Stream } from './streams.ts'

const posterAfterMs = 6_000

/** Where the ingest writes the stream, and how. */
export function targetOf(ctx: LiveContext, streamId: string): StreamTarget {
  const { segmentMs, windowS } = ctx.settings.get()
  return { id: streamId, dir: folderOf(ctx, streamId), segmentMs, windowMs: windowS * 1000 }
}

/** A publisher was let in; nothing can be played yet. */
export function begin(ctx: LiveContext, channel: Channel, key: StreamKeyRow): Promise<Stream> {
  return ctx.db.tx(async (db) => {
    await touchKey(db, key.id)
    return insertStream(db, { channelId: channel.id, keyId: key.id, title: channel.title })
  })
}

/** First media after a publish. The event is told once a stream, with its first picture or sound. */
export async function play(
  ctx: LiveContext,
  stream: Stream,
  tracks: { hasVideo: boolean; hasAudio: boolean },
): Promise<Stream> {
  const { id, channelId } = stream
  const hasVideo = stream.hasVideo || tracks.hasVideo
  const hasAudio = stream.hasAudio || tracks.hasAudio
  const startedAt = await ctx.db.tx(async (db) => {
    const at = new Date(Date.now() + posterAfterMs)
    if (hasVideo) await ctx.jobs.enqueue(db, makePoster, { streamId: id }, { at, key: `poster:${id}` })
    if (stream.startedAt === null) await ctx.events.emit(db, streamStarted, { streamId: id, channelId })
    return markLive(db, id, { hasVideo, hasAudio, startedAt: stream.startedAt })
  })
  return { ...stream, status: 'live', interruptedAt: null, startedAt, hasVideo, hasAudio }
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
  how: { reason: EndReason; recording: RecordingSummary },
): Promise<void> {
  const { id, channelId, startedAt } = stream
  await ctx.db.tx(async (db) => {
    if (!(await markEnded(db, id, how))) return
    if (startedAt) await ctx.events.emit(db, streamEnded, { streamId: id, channelId })
    await ctx.jobs.enqueue(db, finishRecording, { streamId: id })
  })
}

/** When the newest media on disk ends, in ms since 1970; 0 where there is none. */
export async function lastMediaAt(ctx: LiveContext, streamId: string): Promise<number> {
  const { entries } = await readRecording(folderOf(ctx, streamId))
  // The tracks' last segments are among the last few lines.
  return Math.max(0, ...entries.slice(-4).map((entry) => Date.parse(entry.at) + entry.durationMs))
}

const folderOf = (ctx: LiveContext, streamId: string) => ctx.storage.localFolder(recordingPrefix(streamId))
