import { initName, segmentName } from './stream-files.ts'
import type { IndexEntry, InitInfo } from './types.ts'

const HLS_VERSION = 7

/** A media playlist to be written: the segments it lists, oldest first, all of one track. */
export interface MediaListing {
  targetDurationMs: number
  entries: readonly IndexEntry[]
  /** `live` slides; `event` only grows; `vod` is complete. */
  kind: 'live' | 'event' | 'vod'
  /** No more will come. */
  isEnded: boolean
}

/** A media playlist (RFC 8216 4.3.3) whose URIs are file names beside it. */
export function renderMedia(listing: MediaListing): string {
  const first = listing.entries[0]
  const lines = [
    '#EXTM3U',
    `#EXT-X-VERSION:${HLS_VERSION}`,
    `#EXT-X-TARGETDURATION:${Math.round(listing.targetDurationMs / 1000)}`,
    `#EXT-X-MEDIA-SEQUENCE:${first?.seq ?? 0}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${first?.run ?? 0}`,
  ]
  if (listing.kind !== 'live') lines.push(`#EXT-X-PLAYLIST-TYPE:${listing.kind.toUpperCase()}`)
  let previous: IndexEntry | null = null
  for (const entry of listing.entries) {
    pushSegment(lines, entry, previous)
    previous = entry
  }
  if (listing.isEnded) lines.push('#EXT-X-ENDLIST')
  lines.push('')
  return lines.join('\n')
}

/**
 * The discontinuity sequence of a segment is its run's number in both tracks: one tag for each run between two
 * segments, also for a run in which the track was missing.
 */
function pushSegment(lines: string[], entry: IndexEntry, previous: IndexEntry | null): void {
  const runs = previous === null ? 0 : entry.run - previous.run
  for (let i = 0; i < runs; i++) lines.push('#EXT-X-DISCONTINUITY')
  if (previous?.initId !== entry.initId) {
    lines.push(`#EXT-X-MAP:URI="${initName(entry.track, entry.initId)}"`)
  }
  lines.push(
    `#EXT-X-PROGRAM-DATE-TIME:${entry.at}`,
    `#EXTINF:${(entry.durationMs / 1000).toFixed(6)},`,
    segmentName(entry.track, entry.seq),
  )
}

/** One track of a multivariant playlist. */
export interface TrackListing {
  init: InitInfo
  /** What the bit rate is measured on. */
  entries: readonly IndexEntry[]
  uri: string
}

/** A multivariant playlist: video with its sound as a rendition, or sound alone as the only variant. */
export function renderMultivariant(video: TrackListing | null, audio: TrackListing | null): string {
  const lines = ['#EXTM3U', `#EXT-X-VERSION:${HLS_VERSION}`]
  const main = video ?? audio
  if (main === null) return `${lines.join('\n')}\n`
  if (video !== null && audio !== null) {
    const channels = audio.init.channels ?? 2
    const names = 'TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES'
    lines.push(`#EXT-X-MEDIA:${names},CHANNELS="${channels}",URI="${audio.uri}"`)
  }
  const rates = [video, audio].map((track) => (track === null ? { peak: 0, average: 0 } : measure(track)))
  const total = (kind: 'peak' | 'average') => rates.reduce((sum, rate) => sum + rate[kind], 0)
  const codecs = [video, audio].flatMap((track) => (track === null ? [] : [track.init.codec]))
  const attributes = [
    `BANDWIDTH=${total('peak')}`,
    `AVERAGE-BANDWIDTH=${total('average')}`,
    `CODECS="${codecs.join(',')}"`,
  ]
  if (video !== null) attributes.push(...pictureAttributes(video.init))
  if (video !== null && audio !== null) attributes.push('AUDIO="sound"')
  lines.push(`#EXT-X-STREAM-INF:${attributes.join(',')}`, main.uri, '')
  return lines.join('\n')
}

function pictureAttributes(init: InitInfo): string[] {
  const attributes: string[] = []
  if (init.width && init.height) attributes.push(`RESOLUTION=${init.width}x${init.height}`)
  if (init.frameRate) attributes.push(`FRAME-RATE=${init.frameRate.toFixed(3)}`)
  return attributes
}

/** Short last segments say little of the peak (RFC 8216 4.3.4.2 measures over half a target at least). */
const SHORTEST_MEASURED_MS = 1_000

function measure(track: TrackListing): { peak: number; average: number } {
  let bytes = 0
  let ms = 0
  let peak = 0
  for (const entry of track.entries) {
    bytes += entry.sizeBytes
    ms += entry.durationMs
    if (entry.durationMs >= SHORTEST_MEASURED_MS)
      peak = Math.max(peak, (entry.sizeBytes * 8000) / entry.durationMs)
  }
  const average = Math.ceil(ms > 0 ? (bytes * 8000) / ms : track.init.bitrate)
  return { peak: Math.max(Math.ceil(peak), average), average }
}
