import type { TrackWindow } from './track-window.ts'

/** What a player asks of a low-latency playlist beside its address (RFC 8216bis 6.2.5). */
export interface Directives {
  /** Wait for this segment, or for this part of it; null for no wait. */
  until: { msn: number; part: number | null } | null
  /** Segments that the player knows may be left out. */
  mayskip: boolean
}

/** Null when they contradict the rules. */
export function readDirectives(url: string): Directives | null {
  const start = url.indexOf('?')
  if (start === -1 || !url.includes('_HLS_', start)) return { until: null, mayskip: false }
  const query = new URLSearchParams(url.slice(start))
  const msn = readNumber(query.get('_HLS_msn'))
  const part = readNumber(query.get('_HLS_part'))
  const skip = query.get('_HLS_skip')
  if (msn === undefined || part === undefined || (part !== null && msn === null)) return null
  const mayskip = skip === 'YES' || skip === 'v2'
  return { until: msn === null ? null : { msn, part }, mayskip }
}

/** Null when it is not there, undefined when it is no number. */
function readNumber(text: string | null): number | null | undefined {
  if (text === null) return null
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

/** How far ahead of the newest part may be asked for, in ms of parts. */
const ADVANCE_MS = 3_000
/** How many segments ahead of the newest. */
const ADVANCE_SEGMENTS = 2

/** Whether a player asks for something that is not about to come. */
export function isTooFar(track: TrackWindow, { until }: Directives, partTargetMs: number): boolean {
  if (until === null) return false
  const lastMsn = track.last?.seq ?? -1
  if (until.msn > lastMsn + ADVANCE_SEGMENTS) return true
  const { unfinished } = track
  if (until.msn !== unfinished?.head.seq || until.part === null) return false
  const advance = Math.max(3, Math.ceil(ADVANCE_MS / partTargetMs))
  return until.part > track.listedParts - 1 + advance
}

/** Whether the playlist has what a player waits for. A part behind a segment's last is the next segment's first. */
export function hasReached(track: TrackWindow, { until }: Directives): boolean {
  if (until === null) return true
  const { msn, part } = until
  if (part === null) return track.lastSeq >= msn
  const { unfinished } = track
  if (unfinished?.head.seq === msn) return part < track.listedParts
  if (track.lastSeq > msn) return true
  if (track.lastSeq < msn) return false
  // The segment is whole: what was asked for is one of its parts, or the first behind it.
  if (track.listedParts > 0) return true
  const parts = track.partsOf(msn)
  return parts === undefined || part < parts.length
}
