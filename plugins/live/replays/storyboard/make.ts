import { currentFfmpeg } from '#ffmpeg'
import type { Db } from '#sdk'
import { announceReplay } from '../../announce.ts'
import { makeStoryboard } from '../../contract.ts'
import { type Desk, recordingPrefix } from '../../desk.ts'
import { writeDurably } from '../../media/durable.ts'
import { readRecording } from '../../media/recording.ts'
import { nodesOf } from '../../nodes/nodes.ts'
import { findStream } from '../../streams.ts'
import { cutMark, readCut } from '../cut-file.ts'
import { keptEntries } from '../kept.ts'
import { setStoryboard } from '../recordings.ts'
import { removeSheets, sheetFile } from './files.ts'
import { paintStoryboard } from './paint.ts'
import { planStoryboard, type StoryboardPlan } from './plan.ts'
import { readStills, removeStills } from './stills.ts'

/** Small pictures of what is shown of a recording, made after its end and after each cut; nothing waits for them. */
export function handleStoryboards(desk: Desk): void {
  const { ctx } = desk
  const makeThere = nodesOf(ctx).atItsPlace('storyboard', (streamId, signal) => make(desk, streamId, signal))
  ctx.jobs.handle(makeStoryboard, ({ streamId }, run) => makeThere(streamId, run.signal, ''))
}

/** Within the caller's transaction: the storyboard of before is no longer that of what is shown. */
export async function renewStoryboard({ ctx }: Desk, db: Db, streamId: string): Promise<void> {
  await setStoryboard(db, streamId, null)
  await ctx.jobs.enqueue(db, makeStoryboard, { streamId })
}

async function make(desk: Desk, streamId: string, signal: AbortSignal): Promise<void> {
  const { db, storage } = desk.ctx
  const stream = await findStream(db, streamId)
  if (!stream || stream.isRemoved || stream.status !== 'ended' || !stream.hasVideo) return
  // Without it there are no pictures, as there are no posters: no fault of this recording.
  if (!(await currentFfmpeg())) return
  const dir = storage.localFolder(recordingPrefix(streamId))
  const [{ meta, entries }, cut, made] = await Promise.all([
    readRecording(dir),
    readCut(dir),
    readStills(dir),
  ])
  const plan = planStoryboard(keptEntries(entries, cut), meta?.inits ?? [], made)
  if (!plan) return removeStills(dir)
  const sheets = await paintStoryboard(dir, plan, signal)
  // Cut meanwhile: what was painted shows what is hidden now, and the next job is on its way.
  if (cutMark(await readCut(dir)) !== cutMark(cut)) return
  await keep(desk, streamId, dir, { plan, sheets })
  await announceReplay(desk, streamId)
}

async function keep(
  { ctx }: Desk,
  streamId: string,
  dir: string,
  { plan, sheets }: { plan: StoryboardPlan; sheets: readonly Buffer[] },
): Promise<void> {
  const mark = Date.now().toString(36)
  await Promise.all(sheets.map((sheet, i) => writeDurably(dir, sheetFile(mark, i), sheet)))
  const { pictures: _pictures, made: _made, ...row } = plan
  await setStoryboard(ctx.db, streamId, { ...row, mark })
  await removeSheets(dir, mark)
}
