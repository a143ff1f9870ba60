import { currentFfmpeg } from '#ffmpeg'
import { makeClip } from '../contract.ts'
import { clipPrefix, type Desk, recordingPrefix } from '../desk.ts'
import { readRecording } from '../media/recording.ts'
import { initName, segmentName } from '../media/stream-files.ts'
import type { IndexEntry } from '../media/types.ts'
import { nodesOf } from '../nodes/nodes.ts'
import { pictureOf } from '../posters.ts'
import { readCut } from '../replays/cut-file.ts'
import { coveringEntries, dateIn, hasUntil, keptEntries, stretchBetween } from '../replays/kept.ts'
import { planMovie } from '../replays/mp4/movie.ts'
import { movieBytes } from '../replays/mp4/movie-bytes.ts'
import { findStream, type Stream } from '../streams.ts'
import { type ClipRow, findClip, setMade } from './clips.ts'

const askAgainMs = 700
/** The segment that a clip ends in is on the disk by then, or will never be. */
const patienceMs = 30_000

/** Copies a moment of a stream into a file of its own, to the frame, without touching a sample. */
export function handleClipMaking(desk: Desk): void {
  const { db, jobs, log } = desk.ctx
  const makeThere = nodesOf(desk.ctx).atItsPlace('clip', (_streamId, signal, clipId) =>
    make(desk, clipId, signal),
  )
  jobs.handle(makeClip, async ({ clipId }, run) => {
    const clip = await findClip(db, clipId)
    if (clip?.status !== 'making') return
    try {
      await makeThere(clip.streamId, run.signal, clipId)
    } catch (error) {
      if (run.attempt < (makeClip.attempts ?? 1)) throw error
      log.warn({ err: error, clipId }, 'a clip could not be made')
      await setMade(db, clip.id, { status: 'failed' })
    }
  })
}

async function make(desk: Desk, clipId: string, signal: AbortSignal): Promise<void> {
  const { db, jobs, storage } = desk.ctx
  const clip = await findClip(db, clipId)
  if (clip?.status !== 'making') return
  const stream = await findStream(db, clip.streamId)
  const entries = stream && !stream.isRemoved ? await shownEntries(desk, stream) : []
  if (stream && stream.status !== 'ended' && isTooEarly(clip, entries)) {
    await jobs.enqueue(db, makeClip, { clipId }, { at: new Date(Date.now() + askAgainMs), priority: 5 })
    return
  }
  const made = await write(desk, clip, entries, signal)
  if (!(await setMade(db, clip.id, made))) await storage.removeFolder(clipPrefix(clip.id))
}

async function shownEntries(desk: Desk, stream: Stream): Promise<IndexEntry[]> {
  const dir = desk.ctx.storage.localFolder(recordingPrefix(stream.id))
  const [{ entries }, cut] = await Promise.all([readRecording(dir), readCut(dir)])
  return keptEntries(entries, cut)
}

function isTooEarly(clip: ClipRow, entries: readonly IndexEntry[]): boolean {
  return !hasUntil(entries, clip.untilAt) && Date.now() < Date.parse(clip.createdAt) + patienceMs
}

async function write(
  desk: Desk,
  clip: ClipRow,
  entries: readonly IndexEntry[],
  signal: AbortSignal,
): Promise<Parameters<typeof setMade>[2]> {
  const { storage } = desk.ctx
  const stretch = stretchBetween(entries, clip.fromAt, clip.untilAt)
  if (stretch === null) return { status: 'failed' }
  const dir = storage.localFolder(recordingPrefix(clip.streamId))
  const covering = coveringEntries(entries, stretch)
  const movie = await planMovie(dir, covering, stretch)
  const fileKey = `${clipPrefix(clip.id)}/clip.mp4`
  const { sizeBytes } = await storage.write(fileKey, movieBytes(movie))
  const posterKey = await paint(desk, clip, dir, { covering, signal })
  const durationMs = Math.round(stretch.untilMs - stretch.fromMs)
  const fromAt = dateIn(covering, stretch.fromMs) ?? clip.fromAt
  return { status: 'ready', durationMs, sizeBytes, fileKey, posterKey, fromAt }
}

/** A picture of the middle; null for sound alone and where there is no ffmpeg: a clip is a clip without it. */
async function paint(
  desk: Desk,
  clip: ClipRow,
  dir: string,
  { covering, signal }: { covering: readonly IndexEntry[]; signal: AbortSignal },
): Promise<string | null> {
  const pictures = covering.filter(({ track, isIndependent }) => track === 'video' && isIndependent)
  const entry = pictures[Math.floor(pictures.length / 2)]
  if (!entry || !(await currentFfmpeg())) return null
  const initPath = `${dir}/${initName('video', entry.initId)}`
  const segmentPath = `${dir}/${segmentName('video', entry.seq)}`
  const picture = await pictureOf({ initPath, segmentPath }, signal)
  const key = `${clipPrefix(clip.id)}/poster.jpg`
  await desk.ctx.storage.write(key, picture)
  return key
}
