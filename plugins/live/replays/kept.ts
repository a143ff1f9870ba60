import type { ClockPoint } from '../contract.ts'
import type { IndexEntry } from '../media/types.ts'

/** A stretch of a stream's own timeline, as `IndexEntry.startMs` counts it. */
export interface Stretch {
  fromMs: number
  untilMs: number
}

/** A stretch of a recording's positions: milliseconds of media from its beginning, interruptions left out. */
export interface Positions {
  startMs: number
  endMs: number
}

type Track = IndexEntry['track']

/** Dates that run together need no point of their own. */
const mostDriftMs = 250
/** Sound is cut beside the picture by less than a frame of AAC: as much more is no segment more. */
const frameMs = 43

/** The track that players take their time from: the picture, where there is one. */
export function leadingTrack(entries: readonly IndexEntry[]): Track {
  return entries.some(({ track }) => track === 'video') ? 'video' : 'audio'
}

interface Placed {
  entry: IndexEntry
  atMs: number
}

/** Segments of the leading track with their positions. */
function placed(entries: readonly IndexEntry[]): Placed[] {
  const track = leadingTrack(entries)
  let atMs = 0
  return entries
    .filter((entry) => entry.track === track)
    .map((entry) => {
      const place = { entry, atMs }
      atMs += entry.durationMs
      return place
    })
}

/** Where the pictures of a recording can be entered, and how long it is; sound alone has no such places. */
export function keyPlaces(entries: readonly IndexEntry[]): { places: Placed[]; durationMs: number } {
  const all = placed(entries)
  const places = all.filter(({ entry }) => entry.track === 'video' && entry.isIndependent)
  return { places, durationMs: durationOf(entries) }
}

const endOf = ({ entry, atMs }: Placed): number => atMs + entry.durationMs

export function durationOf(entries: readonly IndexEntry[]): number {
  const last = placed(entries).at(-1)
  return last ? Math.round(endOf(last)) : 0
}

/**
 * Where a cut can really be made: at a segment that begins with a key frame, and at the end of one; never less than
 * was wanted. Null where nothing would be cut off or nothing kept.
 */
export function snap(
  entries: readonly IndexEntry[],
  wanted: Positions,
): { positions: Positions; stretch: Stretch } | null {
  const places = placed(entries)
  const starts = places.filter(({ entry }) => entry.isIndependent)
  const first = starts.findLast(({ atMs }) => atMs <= wanted.startMs) ?? places[0]
  const last = places.find((place) => endOf(place) >= wanted.endMs - 1) ?? places.at(-1)
  if (!first || !last || endOf(last) <= first.atMs) return null
  const isWhole = first === places[0] && last === places.at(-1)
  if (isWhole) return null
  // What no picture goes with is kept where the cut is only at the other end.
  const fromMs = first === places[0] ? 0 : first.entry.startMs
  const untilMs =
    last === places.at(-1) ? Number.MAX_SAFE_INTEGER : last.entry.startMs + last.entry.durationMs
  const positions = { startMs: Math.round(first.atMs), endMs: Math.round(endOf(last)) }
  return { positions, stretch: { fromMs, untilMs } }
}

/** The segments of a stretch: pictures that begin in it, sound that is heard in it. All of them for null. */
export function keptEntries(entries: readonly IndexEntry[], stretch: Stretch | null): IndexEntry[] {
  if (stretch === null) return [...entries]
  const { fromMs, untilMs } = stretch
  const lead = leadingTrack(entries)
  return entries.filter(({ track, startMs, durationMs }) => {
    const slackMs = track === lead ? durationMs / 2 : frameMs
    return startMs + durationMs > fromMs + slackMs && startMs < untilMs - slackMs
  })
}

/** The dates of positions: a point at the beginning, after each interruption and where the two part. */
export function clockOf(entries: readonly IndexEntry[]): ClockPoint[] {
  const points: ClockPoint[] = []
  let run = -1
  for (const { entry, atMs } of placed(entries)) {
    const last = points.at(-1)
    const expected = last ? Date.parse(last.date) + atMs - last.atMs : Number.NaN
    const hasDrifted = !(Math.abs(Date.parse(entry.at) - expected) <= mostDriftMs)
    if (hasDrifted || entry.run !== run) points.push({ atMs: Math.round(atMs), date: entry.at })
    run = entry.run
  }
  return points
}

/** The stretch of the timeline between two dates; null where nothing of it was received. */
export function stretchBetween(entries: readonly IndexEntry[], from: string, until: string): Stretch | null {
  const lead = leadingTrack(entries)
  const own = entries.filter(({ track }) => track === lead)
  const [fromTime, untilTime] = [Date.parse(from), Date.parse(until)]
  const endTime = (entry: IndexEntry) => Date.parse(entry.at) + entry.durationMs
  const first = own.find((entry) => endTime(entry) > fromTime)
  const last = own.findLast((entry) => Date.parse(entry.at) < untilTime)
  if (!first || !last) return null
  const fromMs = first.startMs + Math.max(0, fromTime - Date.parse(first.at))
  const untilMs = last.startMs + Math.min(last.durationMs, untilTime - Date.parse(last.at))
  return untilMs > fromMs ? { fromMs, untilMs } : null
}

/** What must be read to show a stretch to the frame: pictures from the key frame before it, sound from its beginning. */
export function coveringEntries(entries: readonly IndexEntry[], stretch: Stretch): IndexEntry[] {
  const lead = leadingTrack(entries)
  const begin = entries.findLast(
    ({ track, isIndependent, startMs }) => track === lead && isIndependent && startMs <= stretch.fromMs,
  )
  return entries.filter(({ track, startMs, durationMs }) => {
    const fromMs = track === lead ? (begin?.startMs ?? stretch.fromMs) : stretch.fromMs
    return startMs + durationMs > fromMs && startMs < stretch.untilMs
  })
}

/** Is everything up to that date there? */
export function hasUntil(entries: readonly IndexEntry[], date: string): boolean {
  const lead = leadingTrack(entries)
  const last = entries.findLast(({ track }) => track === lead)
  return last !== undefined && Date.parse(last.at) + last.durationMs >= Date.parse(date)
}

/** The date of a place of the timeline. */
export function dateIn(entries: readonly IndexEntry[], ms: number): string | null {
  const lead = leadingTrack(entries)
  const entry = entries.findLast(({ track, startMs }) => track === lead && startMs <= ms)
  return entry ? new Date(Date.parse(entry.at) + ms - entry.startMs).toISOString() : null
}
