import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { removeStill, stillDate } from '../replays/storyboard/stills.ts'
import { writeDurably } from './durable.ts'
import { IndexReader } from './index-reader.ts'
import { INDEX_FILE, segmentName } from './stream-files.ts'
import type { IndexEntry } from './types.ts'

/** So much more than is wanted is let gather, so that the index is not written anew for each segment. */
const leastSlackMs = 30_000
const slackShare = 0.05

export function isSlideDue(byTrack: Record<IndexEntry['track'], number>, keepMs: number): boolean {
  return Math.max(byTrack.video, byTrack.audio) > keepMs + Math.max(leastSlackMs, keepMs * slackShare)
}

/**
 * Drops what is older than `keepMs` from a folder nobody else writes to; answers the entries that went. The index is
 * put in the place of the old one first: after a crash the files it does not name are strays, which a repair removes.
 */
export async function slideIndex(dir: string, keepMs: number): Promise<IndexEntry[]> {
  const index = new IndexReader(dir)
  await index.refresh()
  const { entries } = index
  const endMs = entries.reduce((ms, entry) => Math.max(ms, entry.startMs + entry.durationMs), 0)
  const isOld = (entry: IndexEntry) => entry.startMs + entry.durationMs <= endMs - keepMs
  const dropped = entries.filter(isOld)
  if (dropped.length === 0) return []
  const kept = entries.filter((entry) => !isOld(entry))
  await writeDurably(dir, INDEX_FILE, kept.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
  await Promise.all(
    dropped.map((entry) => rm(join(dir, segmentName(entry.track, entry.seq)), { force: true })),
  )
  const pictures = dropped.filter(({ track, isIndependent }) => track === 'video' && isIndependent)
  await Promise.all(pictures.map((entry) => removeStill(dir, stillDate(entry))))
  return dropped
}
