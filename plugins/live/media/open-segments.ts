import { readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFile, writeDurably } from './durable.ts'
import { VIDEO_TIMESCALE } from './fmp4.ts'
import { nullWhenMissing, type StoredInit, segmentName } from './stream-files.ts'
import { rounded } from './timing.ts'
import type { IndexEntry } from './types.ts'
import { wholeFragments } from './whole-media.ts'

type Track = 'video' | 'audio'

/** The entry of a segment as far as it is known when its first part comes. */
export type OpenHead = Omit<IndexEntry, 'durationMs' | 'sizeBytes'>
/** With the initialisation segment, which the folder may not know yet. */
export interface KeptHead {
  head: OpenHead
  init: StoredInit
}

const HEADS_FILE = 'open.json'

const temporaryName = (track: Track, seq: number) => `.${segmentName(track, seq)}.tmp`

/** A segment as far as its parts came. */
export interface Left {
  kept: KeptHead
  parts: readonly Buffer[]
}

/** Lays into a stream's folder what is left of its open segments, by their numbers; `recoverOpen` makes segments of it. */
export async function layOpen(dir: string, left: readonly Left[]): Promise<void> {
  for (const { kept, parts } of left)
    await writeFile(join(dir, temporaryName(kept.head.track, kept.head.seq)), parts, { flush: true })
  await writeDurably(dir, HEADS_FILE, JSON.stringify(left.map(({ kept }) => kept)))
}

/** Makes segments of what a crash left of those that were open: whole parts, nothing of a torn one. */
export async function recoverOpen(dir: string, entries: readonly IndexEntry[]): Promise<Recovered[]> {
  const recovered: Recovered[] = []
  for (const kept of await readHeads(dir)) {
    const { track, seq } = kept.head
    const known = [...entries, ...recovered.map(({ entry }) => entry)]
    const last = known.findLast((entry) => entry.track === track)
    const entry = seq === (last?.seq ?? -1) + 1 ? await wholeParts(dir, kept) : null
    if (entry !== null) recovered.push({ entry, init: kept.init })
  }
  return recovered
}

/** What was recovered is in the index by now. */
export async function forgetOpen(dir: string): Promise<void> {
  await rm(join(dir, HEADS_FILE), { force: true })
}

export interface Recovered {
  entry: IndexEntry
  init: StoredInit
}

async function readHeads(dir: string): Promise<KeptHead[]> {
  const json = await readFile(join(dir, HEADS_FILE), 'utf8').catch(nullWhenMissing)
  try {
    const heads: unknown = JSON.parse(json ?? '[]')
    return Array.isArray(heads) ? heads : []
  } catch {
    // Torn while it was written: a crash in the middle of mending the one before.
    return []
  }
}

async function wholeParts(dir: string, { head, init }: KeptHead): Promise<IndexEntry | null> {
  const { track, seq } = head
  const path = join(dir, temporaryName(track, seq))
  const bytes = await readFile(path).catch(nullWhenMissing)
  if (bytes === null) return null
  const { sizeBytes, ticks } = wholeFragments(bytes, track)
  const timescale = track === 'video' ? VIDEO_TIMESCALE : (init.sampleRateHz ?? 0)
  if (sizeBytes === 0 || timescale === 0) return null
  await truncate(path, sizeBytes)
  await syncFile(path)
  await rename(path, join(dir, segmentName(track, seq)))
  return { ...head, durationMs: rounded((ticks * 1000) / timescale), sizeBytes }
}
