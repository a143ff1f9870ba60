import { appendFile, readdir, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { IndexReader } from './index-reader.ts'
import { makeInit } from './init-info.ts'
import { recoverOpen } from './open-segments.ts'
import {
  INDEX_FILE,
  initName,
  MEDIA_NAME,
  nullWhenMissing,
  readMeta,
  type StreamMeta,
  segmentName,
  writeMeta,
  writeWhole,
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
    const targetDurationMs = kept.targetDurationMs ?? longest(entries)
    await writeMeta(dir, { ...kept, targetDurationMs, endedAt: new Date().toISOString() })
  }
  return summarise(entries)
}

/** In whole seconds, as playlists say it; null without any. */
function longest(entries: readonly IndexEntry[]): number | null {
  const ms = Math.max(...entries.map((entry) => entry.durationMs))
  return entries.length === 0 ? null : Math.max(1_000, Math.ceil(ms / 1000) * 1000)
}

/** What was found and mended in a folder that nobody holds open. */
export interface Repaired extends Recording {
  /** Of the entries those that a crash had left open. */
  recovered: IndexEntry[]
}

/** Makes the folder agree with its index, and the index with what a crash left of open segments. */
export async function repairFolder(dir: string, names: readonly string[]): Promise<Repaired> {
  const index = new IndexReader(dir)
  const [known] = await Promise.all([readMeta(dir), index.refresh()])
  if (names.includes(INDEX_FILE)) await truncate(join(dir, INDEX_FILE), index.sizeBytes)
  const begun: StreamMeta = known ?? { targetDurationMs: null, windowMs: 0, inits: [], endedAt: null }
  const recovered = await recover(dir, begun, index.entries)
  const entries = [...index.entries, ...recovered]
  const whole = new Set(entries.map((entry) => segmentName(entry.track, entry.seq)))
  const strays = names.filter((name) => MEDIA_NAME.test(name) && !whole.has(name))
  await Promise.all(strays.map((name) => rm(join(dir, name), { force: true })))
  // Died within its first segment, before anything was written about it.
  return { meta: recovered.length > 0 ? begun : known, entries, recovered }
}

async function recover(dir: string, meta: StreamMeta, entries: readonly IndexEntry[]): Promise<IndexEntry[]> {
  const recovered = await recoverOpen(dir, entries)
  for (const { init } of recovered) {
    const { track, initId, config } = init
    if (meta.inits.some((known) => known.track === track && known.initId === initId)) continue
    meta.inits.push(init)
    await writeWhole(dir, initName(track, initId), makeInit(track, Buffer.from(config, 'base64')))
    await writeMeta(dir, meta)
  }
  const lines = recovered.map(({ entry }) => `${JSON.stringify(entry)}\n`)
  if (lines.length > 0) await appendFile(join(dir, INDEX_FILE), lines.join(''))
  return recovered.map(({ entry }) => entry)
}
