import type { Storyboard } from '../../contract.ts'
import type { IndexEntry, InitInfo } from '../../media/types.ts'
import { keyPlaces } from '../kept.ts'
import { stillDate } from './stills.ts'

const columns = 6
const rowsOfSheet = 6
/** Six full sheets: what a bar of a thousand pixels can show, in less than a megabyte. */
const mostPictures = 216
/** Nobody seeks by pictures closer than this. */
const leastEveryMs = 2_000
/** What is shorter is looked through faster than pictures of it load. */
const shortestMs = 12_000
const longerSide = 160

/** What is kept of a storyboard; its addresses are made from `mark`. */
export type StoryboardRow = Omit<Storyboard, 'sheets'> & { mark: string; sheets: number }

/** A storyboard to be painted. */
export interface StoryboardPlan extends Omit<StoryboardRow, 'mark'> {
  /** For each picture the segment whose first picture it is; the same one again where key frames are far apart. */
  pictures: IndexEntry[]
  /** The dates of those that need not be decoded. */
  made: ReadonlySet<number>
}

/** Null for what has no pictures, or is too short for them. `made`: the dates of pictures that are there already. */
export function planStoryboard(
  entries: readonly IndexEntry[],
  inits: readonly InitInfo[],
  made: readonly number[] = [],
): StoryboardPlan | null {
  const { places, durationMs } = keyPlaces(entries)
  const [first] = places
  if (!first || durationMs < shortestMs) return null
  const everyMs = Math.max(leastEveryMs, Math.ceil(durationMs / mostPictures / 1000) * 1000)
  const count = Math.ceil(durationMs / everyMs)
  const known = new Set(made)
  const ready = new Map<number, IndexEntry>()
  for (const { entry, atMs } of places)
    if (known.has(stillDate(entry))) ready.set(Math.floor(atMs / everyMs), entry)
  let at = 0
  const pictures = Array.from({ length: count }, (_none, i) => {
    // The last key frame of the first half of its time tells most of it.
    const latestMs = (i + 0.5) * everyMs
    while (at + 1 < places.length && places[at + 1]!.atMs <= latestMs) at++
    return ready.get(i) ?? places[at]!.entry
  })
  const sheets = Math.ceil(count / (columns * rowsOfSheet))
  const rows = Math.min(rowsOfSheet, Math.ceil(count / columns))
  const size = sizeFor(inits, first.entry)
  return { everyMs, count, columns, rows, sheets, ...size, pictures, made: known }
}

/** Of a small picture, in even numbers as its colours need. */
function sizeFor(inits: readonly InitInfo[], entry: IndexEntry): { width: number; height: number } {
  const init = inits.find(({ track, initId }) => track === 'video' && initId === entry.initId)
  const { width = 16, height = 9 } = init ?? {}
  const scale = longerSide / Math.max(width, height, 1)
  const even = (side: number) => Math.max(2, Math.round((side * scale) / 2) * 2)
  return { width: even(width), height: even(height) }
}
