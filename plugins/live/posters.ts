import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { audioLevel, currentFfmpeg, FfmpegError, type SegmentPaths, thumbnail } from '#ffmpeg'
import { announceChannel, announceReplay } from './announce.ts'
import { makePoster } from './contract.ts'
import { type Desk, posterPrefix, recordingPrefix } from './desk.ts'
import type { IndexEntry } from './media/types.ts'
import { nodesOf } from './nodes/nodes.ts'
import { shrinkPicture } from './replays/storyboard/paint.ts'
import { stillDate, writeStill } from './replays/storyboard/stills.ts'
import { pickSegment } from './segment-pick.ts'
import type { LiveContext } from './settings.ts'
import { findStream, type Stream, setPoster } from './streams.ts'

const posterWidth = 1280

/** Pictures of streams: at the start, every so often, and one of the whole for the replay. */
export function handlePosters(desk: Desk): void {
  const { ctx } = desk
  const makeThere = nodesOf(ctx).atItsPlace('poster', (streamId, signal) => make(desk, streamId, signal))
  ctx.jobs.handle(makePoster, async ({ streamId, isOfWhole = false }, run) => {
    // Asked for while the stream still ran: its replay has its own picture by now, or is about to.
    if (!isOfWhole && (await findStream(ctx.db, streamId))?.status === 'ended') return
    await makeThere(streamId, run.signal, '')
  })
}

async function make(desk: Desk, streamId: string, signal: AbortSignal): Promise<void> {
  const stream = await findStream(desk.ctx.db, streamId)
  if (!stream || stream.isRemoved) return
  const isMade = await paint(desk, stream, signal)
  if (!isMade) return
  if (stream.status === 'ended') await announceReplay(desk, streamId)
  else await announceChannel(desk, stream.channelId)
  await comeAgain(desk, stream)
}

/** Loudest sample of a stream's newest audio segment in dBFS; null without audio or without ffmpeg. */
export async function newestPeak(ctx: LiveContext, streamId: string): Promise<number | null> {
  const dir = ctx.storage.localFolder(recordingPrefix(streamId))
  if (!(await currentFfmpeg())) return null
  const segment = await pickSegment(dir, { track: 'audio', place: 'newest' })
  return segment ? (await audioLevel(segment)).peakDb : null
}

/** False where there is no picture to be had: audio only, or no ffmpeg on this machine. */
async function paint(desk: Desk, stream: Stream, signal: AbortSignal): Promise<boolean> {
  const { db, storage } = desk.ctx
  const dir = storage.localFolder(recordingPrefix(stream.id))
  const place = stream.status === 'ended' ? 'middle' : 'newest'
  if (!(await currentFfmpeg())) return false
  const segment = await pickSegment(dir, { track: 'video', place })
  if (!segment) return false
  const picture = await pictureOf(segment, signal)
  if (stream.status !== 'ended') await keepSmall(dir, { entry: segment.entry, picture }, signal)
  // A new name each time: addresses of pictures are cached.
  const key = `${posterPrefix(stream.id)}/${Date.now().toString(36)}.jpg`
  await storage.write(key, picture)
  await setPoster(db, stream.id, key)
  // The one before stays: pages that are open, and those who were sent a link, are about to fetch it.
  if (stream.posterKey !== null) await removeBefore(desk.ctx, stream.id, stream.posterKey)
  return true
}

/** It is one of the pictures of what viewers may go back to, too; a poster without it is a poster still. */
async function keepSmall(
  dir: string,
  { entry, picture }: { entry: IndexEntry; picture: Buffer },
  signal: AbortSignal,
): Promise<void> {
  try {
    await writeStill(dir, stillDate(entry), await shrinkPicture(picture, signal))
  } catch (error) {
    if (!(error instanceof FfmpegError)) throw error
  }
}

/** By their names, which are times: one that another process is about to tell of is never among them. */
async function removeBefore({ storage }: LiveContext, streamId: string, oldest: string): Promise<void> {
  for await (const { key } of storage.list(posterPrefix(streamId)))
    if (key < oldest) await storage.remove(key)
}

/** A segment's first picture as a JPEG. */
export async function pictureOf(segment: SegmentPaths, signal: AbortSignal): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'veza-poster-'))
  try {
    const path = join(folder, 'poster.jpg')
    await thumbnail(segment, path, posterWidth, { signal })
    return await readFile(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function comeAgain({ ctx }: Desk, { id, status }: Stream): Promise<void> {
  const { posterEveryS } = ctx.settings.get()
  if (status === 'ended' || posterEveryS === 0) return
  const at = new Date(Date.now() + posterEveryS * 1000)
  await ctx.jobs.enqueue(ctx.db, makePoster, { streamId: id }, { at, key: `poster:${id}` })
}
