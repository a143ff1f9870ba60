import { readdir, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { IndexReader } from './index-reader.ts'
import {
  INDEX_FILE,
  MEDIA_NAME,
  nullWhenMissing,
  readMeta,
  type StreamMeta,
  segmentName,
  writeMeta,
} from './stream-files.ts'
import type { IndexEntry, RecordingSummary } from './types.ts'

/** What a folder holds by its index, which is the truth. */
export interface Recording {
  /** Null when nothing was ever received. */
  meta: StreamMeta | null
  entries: IndexEntry[]
}

export async function readRecording(dir: string): Promise<Recording> {
  const index = new IndexReader(dir)
  const [meta] = await Promise.all([readMeta(dir), index.refresh()])
  return { meta, entries: index.entries }
}

/** Adds up an index; the duration is that of the longer track. */
export function summarise(entries: readonly IndexEntry[]): RecordingSummary {
  const durations = { video: 0, audio: 0 }
  let sizeBytes = 0
  for (const entry of entries) {
    durations[entry.track] += entry.durationMs
    sizeBytes += entry.sizeBytes
  }
  const durationMs = Math.round(Math.max(durations.video, durations.audio))
  return { durationMs, sizeBytes, segments: entries.length }
}

export async function recordingSummary(dir: string): Promise<RecordingSummary> {
  return summarise((await readRecording(dir)).entries)
}

/** Whether the end mark was written. */
export async function isEnded(dir: string): Promise<boolean> {
  const meta = await readMeta(dir)
  return meta !== null && meta.endedAt !== null
}

/**
 * Ends a recording that no process holds open any more (after a crash): drops media files that the index does
 * not name and a torn last line, then writes the end mark. Harmless when it was ended before or is not there.
 */
export async function finishRecording(dir: string): Promise<RecordingSummary> {
  const names = await readdir(dir).catch(nullWhenMissing)
  if (names === null) return summarise([])
  const { meta, entries } = await repairFolder(dir, names)
  if (meta?.endedAt == null) {
    const kept = meta ?? { targetDurationMs: null, windowMs: 0, inits: [], endedAt: null }
    await writeMeta(dir, { ...kept, endedAt: new Date().toISOString() })
  }
  return summarise(entries)
}

/** Makes the folder agree with its index. */
export async function repairFolder(dir: string, names: readonly string[]): Promise<Recording> {
  const index = new IndexReader(dir)
  const [meta] = await Promise.all([readMeta(dir), index.refresh()])
  const known = new Set(index.entries.map((entry) => segmentName(entry.track, entry.seq)))
  const strays = names.filter((name) => MEDIA_NAME.test(name) && !known.has(name))
  await Promise.all(strays.map((name) => rm(join(dir, name), { force: true })))
  if (names.includes(INDEX_FILE)) await truncate(join(dir, INDEX_FILE), index.sizeBytes)
  return { meta, entries: index.entries }
}
