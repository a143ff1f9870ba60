import { announceReplay } from '../announce.ts'
import { finishRecording, keepQuota, makePoster, makeStoryboard, removeRecording } from '../contract.ts'
import { type Desk, posterPrefix, recordingPrefix } from '../desk.ts'
import { finishRecording as finishFolder } from '../media/recording.ts'
import { nodesOf } from '../nodes/nodes.ts'
import { findStream, markRemoved } from '../streams.ts'
import { describeRecording } from './trim.ts'

/** Viewers at the end of a stream that is not kept still fetch its last segments. */
const removeAfterMs = 60_000

/** Jobs on what a stream left on disk. */
export function handleRecordings(desk: Desk): void {
  const nodes = nodesOf(desk.ctx)
  const finishThere = nodes.atItsPlace('finish', (streamId) => finish(desk, streamId))
  const removeThere = nodes.atItsPlace('remove', (streamId) => remove(desk, streamId))
  desk.ctx.jobs.handle(finishRecording, ({ streamId }, run) => finishThere(streamId, run.signal, ''))
  desk.ctx.jobs.handle(removeRecording, ({ streamId }, run) => removeThere(streamId, run.signal, ''))
}

/** Makes the folder whole, measures it, and keeps it as a replay where there is something to keep. */
async function finish(desk: Desk, streamId: string): Promise<void> {
  const { db, jobs, storage, settings } = desk.ctx
  const stream = await findStream(db, streamId)
  if (!stream || stream.isRemoved || stream.status !== 'ended') return
  await finishFolder(storage.localFolder(recordingPrefix(streamId)))
  const summary = await describeRecording(desk, streamId)
  const isReplay = stream.startedAt !== null && summary.durationMs > 0
  const isKept = isReplay && settings.get().keepReplays
  await db.tx(async (db) => {
    if (!isKept) await markRemoved(db, streamId)
    const later = isReplay ? { at: new Date(Date.now() + removeAfterMs) } : {}
    if (!isKept) await jobs.enqueue(db, removeRecording, { streamId }, later)
    if (isKept) await jobs.enqueue(db, keepQuota, {}, { key: 'quota' })
    if (isKept && stream.hasVideo) await jobs.enqueue(db, makePoster, { streamId, isOfWhole: true })
    if (isKept && stream.hasVideo) await jobs.enqueue(db, makeStoryboard, { streamId })
  })
  if (isKept && summary.durationMs !== stream.durationMs) await announceReplay(desk, streamId)
}

async function remove(desk: Desk, streamId: string): Promise<void> {
  const { db, storage } = desk.ctx
  const stream = await findStream(db, streamId)
  // Only what was given up for good: a repeated job must never meet a stream that is still wanted.
  if (stream && !stream.isRemoved) return
  desk.forget(streamId)
  await storage.removeFolder(recordingPrefix(streamId))
  await storage.removeFolder(posterPrefix(streamId))
}
