import { conflict, invalidInput } from '#contract'
import { problem } from '#sdk'
import { type Desk, recordingPrefix } from '../desk.ts'
import { readRecording } from '../media/recording.ts'
import type { RecordingSummary } from '../media/types.ts'
import { nodesOf } from '../nodes/nodes.ts'
import { machineAway } from '../nodes/pass-on.ts'
import { type Stream, setSummary } from '../streams.ts'
import { readCut, writeCut } from './cut-file.ts'
import { clockOf, durationOf, keptEntries, leadingTrack, type Positions, snap } from './kept.ts'
import { findRecordings, type RecordingRow, setRecording } from './recordings.ts'
import { removeSheets } from './storyboard/files.ts'
import { renewStoryboard } from './storyboard/make.ts'

export interface TrimWish {
  trimStartMs?: number | null | undefined
  trimEndMs?: number | null | undefined
}

const shortestMs = 1_000

/** Shows only a part of a recording from now on; its addresses stay. */
export type Trim = (stream: Stream, wish: TrimWish) => Promise<void>

export function handleTrims(desk: Desk): Trim {
  const { db } = desk.ctx
  const nodes = nodesOf(desk.ctx)
  const cutThere = nodes.atItsPlace('trim', async (streamId, _signal, positions) => {
    const [startMs = 0, endMs = 0] = positions.split('-').map(Number)
    await cut(desk, streamId, { startMs, endMs })
  })
  return async (stream, wish) => {
    if (stream.status !== 'ended')
      throw problem(conflict, 'The stream may still go on; trim its recording when it has ended.')
    const { entries } = await readRecording(await nodes.folderNow(stream))
    const known = (await findRecordings(db, [stream.id])).get(stream.id)
    const { startMs, endMs } = wanted(wish, known, durationOf(entries))
    await cutThere(stream.id, new AbortController().signal, `${startMs}-${endMs}`).catch((error: unknown) => {
      throw nodes.isElsewhere(stream.id) ? machineAway() : error
    })
    nodes.outdate(stream.id)
  }
}

async function cut(desk: Desk, streamId: string, positions: Positions): Promise<void> {
  const dir = desk.ctx.storage.localFolder(recordingPrefix(streamId))
  const { entries } = await readRecording(dir)
  await writeCut(dir, snap(entries, positions)?.stretch ?? null)
  await describeRecording(desk, streamId)
  await desk.ctx.db.tx((db) => renewStoryboard(desk, db, streamId))
  // What is hidden now is in no picture either.
  await removeSheets(dir, null)
}

function wanted(wish: TrimWish, known: RecordingRow | undefined, wholeMs: number): Positions {
  const { trimStartMs = known?.trimStartMs, trimEndMs = known?.trimEndMs } = wish
  const positions = { startMs: trimStartMs ?? 0, endMs: Math.min(trimEndMs ?? wholeMs, wholeMs) }
  if (positions.endMs - positions.startMs >= Math.min(shortestMs, wholeMs)) return positions
  const message = 'Leave at least a second between beginning and end.'
  throw problem(invalidInput, message, { errors: [{ pointer: '/trimStartMs', message }] })
}

/** Takes down what the folder holds and what of it is shown; reads its index, whatever the length one file. */
export async function describeRecording(desk: Desk, streamId: string): Promise<RecordingSummary> {
  const { db, storage } = desk.ctx
  const dir = storage.localFolder(recordingPrefix(streamId))
  const [{ entries }, cut] = await Promise.all([readRecording(dir), readCut(dir)])
  const kept = keptEntries(entries, cut)
  const wholeMs = durationOf(entries)
  const durationMs = durationOf(kept)
  const sizeBytes = entries.reduce((sum, entry) => sum + entry.sizeBytes, 0)
  const startMs = cut === null ? null : Math.round(before(entries, kept))
  const row = {
    streamId,
    wholeMs,
    trimStartMs: startMs,
    trimEndMs: startMs === null ? null : startMs + durationMs,
    startsMs: Math.round(kept.find(({ track }) => track === leadingTrack(kept))?.startMs ?? 0),
    clockJson: clockOf(kept),
  }
  const summary = { durationMs, sizeBytes, segments: entries.length }
  await db.tx(async (db) => {
    await setSummary(db, streamId, summary)
    await setRecording(db, row)
  })
  return summary
}

type Entries = Awaited<ReturnType<typeof readRecording>>['entries']

/** How much of the leading track lies before what is kept. */
function before(entries: Entries, kept: Entries): number {
  const first = kept[0]
  if (!first) return 0
  const track = leadingTrack(kept)
  const own = entries.filter((entry) => entry.track === track)
  const at = own.findIndex((entry) => kept.includes(entry))
  return own.slice(0, at).reduce((sum, entry) => sum + entry.durationMs, 0)
}
