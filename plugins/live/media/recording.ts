import { readdir } from 'node:fs/promises'
import { IndexReader } from './index-reader.ts'
import { longest } from './lost-settings.ts'
import { type Repaired, repairFolder } from './repair.ts'
import { keepMeta, nullWhenMissing, readMeta, type StreamMeta } from './stream-files.ts'
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
  const repaired = await repairRecording(dir)
  if (repaired === null) return summarise([])
  const { meta, entries } = repaired
  if (meta?.endedAt == null) {
    const kept = meta ?? { targetDurationMs: null, windowMs: 0, inits: [], endedAt: null }
    const targetDurationMs = kept.targetDurationMs ?? longest(entries)
    await keepMeta(dir, { ...kept, targetDurationMs, endedAt: new Date().toISOString() })
  }
  return summarise(entries)
}

/** Makes what a crash or a power cut left of a recording whole, for it to be shown or continued; null without one. */
export async function repairRecording(dir: string): Promise<Repaired | null> {
  const names = await readdir(dir).catch(nullWhenMissing)
  return names && repairFolder(dir, names)
}
