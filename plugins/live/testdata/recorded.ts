import { newId } from '#sdk'
import { finishRecording } from '../contract.ts'
import { recordingPrefix } from '../desk.ts'
import { FeedServer } from '../media/feed-server.ts'
import { createReceiver } from '../media/receiver.ts'
import { encode, publish, type SourceOptions } from '../media/test-kit.ts'
import { findStream, insertStream, markEnded, markLive, type Stream } from '../streams.ts'
import type { LiveApp } from './kit.ts'

/** A stream with real media in its folder, received as the ingest does; each source is one publish, with key frames each second. */
export async function recorded(
  { app, ctx }: LiveApp,
  channelId: string,
  sources: (Partial<SourceOptions> & { seconds: number })[],
  end = true,
): Promise<Stream> {
  const { id } = await insertStream(ctx.db, { channelId, keyId: newId(), title: 'A night: “first” / last' })
  const feed = await FeedServer.listen(`${app.dataDir}/${id.slice(-6)}.sock`)
  const dir = ctx.storage.localFolder(recordingPrefix(id))
  const receiver = await createReceiver({ id, dir, segmentMs: 1_000, windowMs: 30_000 }, feed)
  const hasVideo = sources.some(({ without }) => without !== 'video')
  await markLive(ctx.db, id, { hasVideo, hasAudio: true, startedAt: null })
  for (const [i, source] of sources.entries()) {
    if (i > 0) await receiver.interrupt()
    publish(receiver, await encode({ gop: 30, ...source }))
  }
  if (end) {
    await markEnded(ctx.db, id, { reason: 'unpublished', recording: await receiver.end() })
    await finish({ app, ctx }, id)
  } else await receiver.interrupt()
  await feed.close()
  const stream = await findStream(ctx.db, id)
  return stream!
}

async function finish({ app, ctx }: Pick<LiveApp, 'app' | 'ctx'>, streamId: string): Promise<void> {
  await ctx.db.tx((db) => ctx.jobs.enqueue(db, finishRecording, { streamId }))
  await app.jobs.drain()
}
