import { appendFile, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { soundEntries } from './damage.ts'
import { syncFile, syncFolder, writeDurably } from './durable.ts'
import { IndexReader } from './index-reader.ts'
import { lostPower } from './lost-power.ts'
import { longest, mendInits, settingsLeft } from './lost-settings.ts'
import { forgetOpen, recoverOpen } from './open-segments.ts'
import {
  INDEX_FILE,
  keepMeta,
  LEFTOVER_NAME,
  MEDIA_NAME,
  readMeta,
  type StreamMeta,
  segmentName,
} from './stream-files.ts'
import type { IndexEntry } from './types.ts'

/** What was found and mended in a folder that nobody holds open. */
export interface Repaired {
  /** Null when nothing was ever received. */
  meta: StreamMeta | null
  entries: IndexEntry[]
  /** Of the entries those that a crash had left open. */
  recovered: IndexEntry[]
  /** How many segments are gone that the index named. */
  lost: number
}

/** Makes the folder agree with its index, and the index with what a crash or a power cut left of segments. */
export async function repairFolder(dir: string, names: readonly string[]): Promise<Repaired> {
  const index = new IndexReader(dir)
  const [known] = await Promise.all([readMeta(dir), index.refresh()])
  const { meta, sound } = known?.endedAt
    ? { meta: known, sound: index.entries }
    : await mend(dir, known, index)
  if (names.includes(INDEX_FILE)) await keepIndex(dir, index, sound)
  const begun: StreamMeta = meta ?? { targetDurationMs: null, windowMs: 0, inits: [], endedAt: null }
  const recovered = await recover(dir, begun, sound)
  const entries = [...sound, ...recovered]
  const whole = new Set(entries.map((entry) => segmentName(entry.track, entry.seq)))
  const isStray = (name: string) => LEFTOVER_NAME.test(name) || (MEDIA_NAME.test(name) && !whole.has(name))
  await Promise.all(names.filter(isStray).map((name) => rm(join(dir, name), { force: true })))
  const stored = new Set(sound.map((entry) => segmentName(entry.track, entry.seq)))
  const lost = index.entries.filter(({ track, seq }) => !stored.has(segmentName(track, seq))).length
  // Died within its first segment, before anything was written about it.
  return { meta: recovered.length > 0 ? begun : meta, entries, recovered, lost }
}

/** An end mark is written when all before it is on the disk: without one nothing is sure. */
async function mend(dir: string, known: StreamMeta | null, index: IndexReader) {
  const { entries } = index
  const left = known ?? (await settingsLeft(dir, entries))
  const inits = await mendInits(dir, left?.inits ?? [])
  const meta = left && { ...left, inits }
  if (meta !== null && (known === null || inits.length < known.inits.length)) await keepMeta(dir, meta)
  const playable = new Set(inits.map(({ track, initId }) => `${track} ${initId}`))
  const isPlayable = ({ track, initId }: IndexEntry) => playable.has(`${track} ${initId}`)
  const mayLack = entries.length > 0 && (await lostPower(join(dir, INDEX_FILE)))
  return { meta, sound: await soundEntries(dir, entries, { isPlayable, lostPower: mayLack }) }
}

async function keepIndex(dir: string, index: IndexReader, entries: readonly IndexEntry[]): Promise<void> {
  if (index.hasRefused || entries.length < index.entries.length)
    await writeDurably(dir, INDEX_FILE, linesOf(entries))
  else await truncate(join(dir, INDEX_FILE), index.sizeBytes)
}

async function recover(dir: string, meta: StreamMeta, entries: readonly IndexEntry[]): Promise<IndexEntry[]> {
  const recovered = await recoverOpen(dir, entries)
  const added = recovered.map(({ entry }) => entry)
  if (added.length > 0) {
    for (const { init } of recovered) {
      const isKnown = ({ track, initId }: typeof init) => track === init.track && initId === init.initId
      if (!meta.inits.some(isKnown)) meta.inits.push(init)
    }
    await mendInits(dir, meta.inits)
    meta.targetDurationMs ??= longest([...entries, ...added])
    await keepMeta(dir, meta)
    await appendFile(join(dir, INDEX_FILE), linesOf(added))
    await syncFile(join(dir, INDEX_FILE))
    await syncFolder(dir)
  }
  await forgetOpen(dir)
  return added
}

const linesOf = (entries: readonly IndexEntry[]): string =>
  entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
