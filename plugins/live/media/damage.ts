import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { segmentName } from './stream-files.ts'
import type { IndexEntry } from './types.ts'
import { hasHole, wholeFragments } from './whole-media.ts'

type Track = IndexEntry['track']
type Finding = 'whole' | 'holed' | 'broken'

/** What an operating system keeps in memory before it writes, and a bit: older files are on the disk. */
const unwrittenMs = 40_000
const readAtOnce = 8

/** What is known of a folder before its segments are looked at. */
export interface Suspicion {
  /** Whether the settings that an entry was made with are there. */
  isPlayable(entry: IndexEntry): boolean
  /** The machine was started since: what has its length may still lack its content. */
  lostPower: boolean
}

/**
 * Of an index those entries whose segments can be played: all up to the first that is not whole on the disk, in both
 * tracks up to the same time. Only the newest are read, and older ones as long as damage is found.
 */
export async function soundEntries(
  dir: string,
  entries: readonly IndexEntry[],
  suspicion: Suspicion,
): Promise<IndexEntry[]> {
  const endMs = entries.reduce((ms, entry) => Math.max(ms, endOf(entry)), 0)
  for (let lookMs = unwrittenMs; ; lookMs *= 4) {
    const recent = entries.filter((entry) => endOf(entry) > endMs - lookMs)
    const damaged = await findDamaged(dir, recent, { ...suspicion, isNewest: lookMs === unwrittenMs })
    const reachesBack = firstOfTracks(recent).some((entry) => damaged.has(entry))
    if (reachesBack && recent.length < entries.length) continue
    return damaged.size === 0 ? [...entries] : before(damaged, entries)
  }
}

const endOf = ({ startMs, durationMs }: IndexEntry): number => startMs + durationMs

function firstOfTracks(entries: readonly IndexEntry[]): IndexEntry[] {
  return (['video', 'audio'] as const).flatMap((track) => entries.find((one) => one.track === track) ?? [])
}

/** With the time from which nothing can be kept for it. */
async function findDamaged(
  dir: string,
  entries: readonly IndexEntry[],
  suspicion: Suspicion & { isNewest: boolean },
): Promise<Map<IndexEntry, number>> {
  const looksForHoles = suspicion.lostPower && suspicion.isNewest
  const findings = await examine(dir, entries, looksForHoles)
  // One that lies there for long has them from its encoder.
  const filled = new Set(firstOfTracks(entries).filter((entry) => findings.get(entry) === 'holed'))
  const fillers = new Set([...filled].map(({ track }) => track))
  const damaged = new Map<IndexEntry, number>()
  const last = new Map<Track, IndexEntry>()
  for (const entry of entries) {
    const previous = last.get(entry.track)
    const finding = findings.get(entry)
    const isBroken = finding === 'broken' || (finding === 'holed' && !fillers.has(entry.track))
    const isBehindGap = previous !== undefined && entry.seq !== previous.seq + 1
    if (isBehindGap) damaged.set(entry, endOf(previous))
    else if (isBroken || !suspicion.isPlayable(entry)) damaged.set(entry, entry.startMs)
    last.set(entry.track, entry)
  }
  return damaged
}

async function examine(
  dir: string,
  entries: readonly IndexEntry[],
  looksForHoles: boolean,
): Promise<Map<IndexEntry, Finding>> {
  const findings = new Map<IndexEntry, Finding>()
  for (let done = 0; done < entries.length; done += readAtOnce) {
    const some = entries.slice(done, done + readAtOnce)
    const found = await Promise.all(some.map((entry) => look(dir, entry, looksForHoles)))
    for (const [i, entry] of some.entries()) findings.set(entry, found[i]!)
  }
  return findings
}

async function look(dir: string, entry: IndexEntry, looksForHoles: boolean): Promise<Finding> {
  const { track, seq, sizeBytes } = entry
  const bytes = await readFile(join(dir, segmentName(track, seq))).catch(() => null)
  if (bytes?.length !== sizeBytes || wholeFragments(bytes, track).sizeBytes !== sizeBytes) return 'broken'
  return looksForHoles && hasHole(bytes) ? 'holed' : 'whole'
}

function before(damaged: ReadonlyMap<IndexEntry, number>, entries: readonly IndexEntry[]): IndexEntry[] {
  const cutMs = Math.min(...damaged.values())
  const stopped = new Set<Track>()
  return entries.filter((entry) => {
    if (damaged.has(entry) || entry.startMs >= cutMs) stopped.add(entry.track)
    return !stopped.has(entry.track)
  })
}
