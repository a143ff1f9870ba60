import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Channel, insertChannel } from '../channels.ts'
import type { Access } from '../contract.ts'
import { recordingPrefix } from '../desk.ts'
import { feedAddress } from '../ingest-link.ts'
import { FeedServer } from '../media/feed-server.ts'
import { createReceiver } from '../media/receiver.ts'
import { encode, publish } from '../media/test-kit.ts'
import type { LiveContext } from '../settings.ts'
import { insertKey } from '../stream-keys.ts'
import { findStream, insertStream, markEnded, markLive, type Stream, setPoster } from '../streams.ts'

/** Where the web side listens for parts, without an encoder and its process. */
export async function openFeed(ctx: LiveContext): Promise<FeedServer> {
  const path = feedAddress(ctx.appliance)
  await mkdir(dirname(path), { recursive: true })
  return FeedServer.listen(path)
}

let channels = 0

/** A channel with a stream on air that is known to the database alone. */
export async function onAir(
  ctx: LiveContext,
  { access = 'public', ownerId = null }: { access?: Access; ownerId?: string | null } = {},
): Promise<{ channel: Channel; stream: Stream }> {
  const { db } = ctx
  const slug = `closed-${++channels}`
  const channel = await insertChannel(db, { slug, title: 'Back room', description: '', ownerId, access })
  const { row } = await insertKey(db, channel.id)
  const { id } = await insertStream(db, { channelId: channel.id, keyId: row.id, title: 'Late' })
  await markLive(db, id, { hasVideo: true, hasAudio: true, startedAt: null })
  return { channel, stream: (await findStream(db, id)) as Stream }
}

/** Three seconds of real picture and sound, in memory and on disk, with a picture of it. */
export async function withMedia(ctx: LiveContext, feed: FeedServer, stream: Stream): Promise<void> {
  const dir = ctx.storage.localFolder(recordingPrefix(stream.id))
  const target = { id: stream.id, dir, segmentMs: 1_000, windowMs: 30_000 }
  const receiver = await createReceiver(target, feed)
  publish(receiver, await encode({ seconds: 3, gop: 30 }))
  await receiver.interrupt()
  const poster = `live-posters/${stream.id}/first.jpg`
  await ctx.storage.write(poster, Buffer.from('a picture'))
  await setPoster(ctx.db, stream.id, poster)
}

export async function over(ctx: LiveContext, stream: Stream): Promise<void> {
  const recording = { durationMs: 3_000, sizeBytes: 100_000, segments: 3 }
  await markEnded(ctx.db, stream.id, { reason: 'unpublished', recording })
}
