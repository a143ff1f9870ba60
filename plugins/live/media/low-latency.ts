import { endOf, pushSegmentHead, pushSegmentLines } from './playlist.ts'
import { type DatedSong, type PushSongs, songTags } from './song-tags.ts'
import { partName } from './stream-files.ts'
import type { LastPlace, LivePart, TrackWindow } from './track-window.ts'

/** EXT-X-SKIP needs it (RFC 8216bis 8). */
const HLS_VERSION = 9
/** Players stay this many parts behind the newest (RFC 8216bis 4.4.3.8 recommends three). */
const HOLD_BACK_PARTS = 3
const HOLD_BACK_TARGETS = 3
const SKIP_TARGETS = 6
/** Parts are listed this near to the end, and for no more segments than that. */
const LISTED_TARGETS = 3
const LISTED_SEGMENTS = 2

/** Where another rendition of the stream ends at the moment. */
export interface RenditionReport {
  uri: string
  last: LastPlace
}

/** A low-latency media playlist to be written. */
export interface LowLatencyListing {
  track: 'video' | 'audio'
  /** Height of a lower rendition. */
  rung?: number | undefined
  window: TrackWindow
  targetDurationMs: number
  partTargetMs: number
  take: number
  isEnded: boolean
  reports: readonly RenditionReport[]
  /** By their dates. */
  songs?: readonly DatedSong[] | undefined
}

/** The low-latency media playlist (RFC 8216bis) of a window with at least one whole segment; or its delta update. */
export function renderLowLatency(listing: LowLatencyListing, isDelta: boolean): string {
  const { segments } = listing.window
  const first = segments[0]!.entry
  const skipped = isDelta ? countSkipped(listing) : 0
  const lines = [...headerOf(listing), `#EXT-X-MEDIA-SEQUENCE:${first.seq}`]
  lines.push(`#EXT-X-DISCONTINUITY-SEQUENCE:${first.run}`)
  if (skipped > 0) lines.push(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`)
  const firstWithParts = segments.length - countWithParts(listing)
  const pushSongs = songTags(listing.songs ?? [], Date.parse(first.at))
  for (const [i, { entry, parts }] of segments.entries()) {
    if (i < skipped) continue
    pushSongs(lines, endOf(entry))
    pushSegmentHead(lines, listing, entry, segments[i - 1]?.entry)
    if (i >= firstWithParts && parts !== null) pushParts(lines, listing, entry.seq, parts)
    pushSegmentLines(lines, listing, entry)
  }
  pushUnfinished(lines, listing, pushSongs)
  if (listing.isEnded) lines.push('#EXT-X-ENDLIST')
  else lines.push(hintOf(listing))
  for (const { uri, last } of listing.reports) lines.push(reportOf(uri, last))
  lines.push('')
  return lines.join('\n')
}

function headerOf({ targetDurationMs, partTargetMs }: LowLatencyListing): string[] {
  const targetS = Math.round(targetDurationMs / 1000)
  const control = [
    'CAN-BLOCK-RELOAD=YES',
    `PART-HOLD-BACK=${seconds(partTargetMs * HOLD_BACK_PARTS)}`,
    `HOLD-BACK=${targetS * HOLD_BACK_TARGETS}`,
    `CAN-SKIP-UNTIL=${targetS * SKIP_TARGETS}`,
  ]
  return [
    '#EXTM3U',
    `#EXT-X-VERSION:${HLS_VERSION}`,
    `#EXT-X-TARGETDURATION:${targetS}`,
    `#EXT-X-SERVER-CONTROL:${control.join(',')}`,
    `#EXT-X-PART-INF:PART-TARGET=${seconds(partTargetMs)}`,
  ]
}

function pushUnfinished(lines: string[], listing: LowLatencyListing, pushSongs: PushSongs): void {
  const { unfinished, segments } = listing.window
  if (unfinished === null || listing.window.listedParts === 0) return
  pushSongs(lines, endOf({ at: unfinished.head.at, durationMs: unfinishedMs(listing) }))
  pushSegmentHead(lines, listing, unfinished.head, segments.at(-1)?.entry)
  pushParts(lines, listing, unfinished.head.seq, listedParts(listing.window))
}

function pushParts(
  lines: string[],
  listing: LowLatencyListing,
  seq: number,
  parts: readonly LivePart[],
): void {
  for (const [part, { durationMs, isIndependent }] of parts.entries()) {
    const uri = partName(listing, { seq, part, take: listing.take })
    const independent = isIndependent ? ',INDEPENDENT=YES' : ''
    lines.push(`#EXT-X-PART:DURATION=${seconds(durationMs)},URI="${uri}"${independent}`)
  }
}

function hintOf(listing: LowLatencyListing): string {
  const uri = partName(listing, { ...listing.window.next, take: listing.take })
  return `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${uri}"`
}

function reportOf(uri: string, { seq, part }: LastPlace): string {
  const lastPart = part === null ? '' : `,LAST-PART=${part}`
  return `#EXT-X-RENDITION-REPORT:URI="${uri}",LAST-MSN=${seq}${lastPart}`
}

/** What comes behind the last whole segment. */
function unfinishedMs({ window }: LowLatencyListing): number {
  return listedParts(window).reduce((sum, part) => sum + part.durationMs, 0)
}

function listedParts(window: TrackWindow): readonly LivePart[] {
  return window.unfinished?.parts.slice(0, window.listedParts) ?? []
}

/** Whole segments so near to the end that their parts are listed; the unfinished one comes on top. */
function countWithParts(listing: LowLatencyListing): number {
  const { segments } = listing.window
  let ms = unfinishedMs(listing)
  let count = 0
  while (count < Math.min(LISTED_SEGMENTS, segments.length)) {
    ms += segments[segments.length - 1 - count]!.entry.durationMs
    if (ms > listing.targetDurationMs * LISTED_TARGETS) break
    count++
  }
  return count
}

/** Segments that lie wholly before the skip boundary, counted from the end of the playlist. */
function countSkipped(listing: LowLatencyListing): number {
  const { segments } = listing.window
  const untilMs = Math.round(listing.targetDurationMs / 1000) * 1000 * SKIP_TARGETS
  let ms = unfinishedMs(listing)
  let i = segments.length
  while (i > 0 && ms < untilMs) ms += segments[--i]!.entry.durationMs
  return i
}

/** Without a floating-point tail. */
function seconds(ms: number): string {
  return String(Math.round(ms * 1000) / 1_000_000)
}
