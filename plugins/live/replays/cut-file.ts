import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder, writeDurably } from '../media/durable.ts'
import { nullWhenMissing } from '../media/stream-files.ts'
import type { Stretch } from './kept.ts'

const CUT_FILE = 'cut.json'

/** What of a recording its playlists list; beside its index, so that whoever serves it needs no database. */
export async function readCut(dir: string): Promise<Stretch | null> {
  const json = await readFile(join(dir, CUT_FILE), 'utf8').catch(nullWhenMissing)
  return json === null ? null : (JSON.parse(json) as Stretch)
}

let changes = 0

/** Goes up with each cut made in this process: who remembers one looks again. Other processes look every few seconds. */
export const cutChanges = (): number => changes

/** Null takes the cut back. */
export async function writeCut(dir: string, cut: Stretch | null): Promise<void> {
  changes += 1
  if (cut !== null) await writeDurably(dir, CUT_FILE, JSON.stringify(cut))
  else {
    await rm(join(dir, CUT_FILE), { force: true })
    await syncFolder(dir)
  }
  changes += 1
}

/** Tells one cut from another in an address, so that nobody keeps a playlist of the one before. */
export function cutMark(cut: Stretch | null): string {
  return cut === null ? '' : `?cut=${Math.round(cut.fromMs)}-${Math.round(Math.min(cut.untilMs, 1e12))}`
}
