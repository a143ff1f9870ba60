import { type DatedSong, songTags } from './song-tags.ts'
import { initName, type Rendition, segmentName } from './stream-files.ts'
import type { IndexEntry, InitInfo, RungOffer, SegmentHead } from './types.ts'

const HLS_VERSION = 7

/** A media playlist to be written: the segments it lists, oldest first, all of one track. */
export interface MediaListing {
  targetDurationMs: number
  entries: readonly IndexEntry[]
  /** `live` slides; `event` only grows; `vod` is complete. */
  kind: 'live' | 'event' | 'vod'
  /** No more will come. */
  isEnded: boolean
  /** Height of a lower rendition. */
  rung?: number | undefined
  /** By their dates. */
  songs?: readonly DatedSong[] | undefined
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
  let previous: IndexEntry | undefined
  const pushSongs = songTags(listing.songs ?? [], first ? Date.parse(first.at) : 0)
  for (const entry of listing.entries) {
    pushSongs(lines, endOf(entry))
    const rendition = { track: entry.track, rung: listing.rung }
    pushSegmentHead(lines, rendition, entry, previous)
    pushSegmentLines(lines, rendition, entry)
    previous = entry
  }
  if (listing.isEnded) lines.push('#EXT-X-ENDLIST')
  lines.push('')
  return lines.join('\n')
}

/** The date at which a segment ends, in ms since 1970. */
export function endOf({ at, durationMs }: { at: string; durationMs: number }): number {
  return Date.parse(at) + durationMs
}

/**
 * What stands before a segment or its parts. The discontinuity sequence of a segment is its run's number in both
 * tracks: one tag for each run between two segments, also for a run in which the track was missing.
 */
export function pushSegmentHead(
  lines: string[],
  { track, rung }: Rendition,
  head: SegmentHead,
  previous: SegmentHead | undefined,
): void {
  const runs = previous === undefined ? 0 : head.run - previous.run
  for (let i = 0; i < runs; i++) lines.push('#EXT-X-DISCONTINUITY')
  if (previous?.initId !== head.initId) lines.push(`#EXT-X-MAP:URI="${initName(track, head.initId, rung)}"`)
  lines.push(`#EXT-X-PROGRAM-DATE-TIME:${head.at}`)
}

/** A whole segment. */
export function pushSegmentLines(lines: string[], { track, rung }: Rendition, entry: IndexEntry): void {
  lines.push(`#EXTINF:${(entry.durationMs / 1000).toFixed(6)},`, segmentName(track, entry.seq, rung))
}

/** One track of a multivariant playlist. */
export interface TrackListing {
  init: InitInfo
  /** What the bit rate is measured on. */
  entries: readonly IndexEntry[]
  uri: string
}

/** A lower rendition of the pictures. */
export interface RungListing {
  offer: RungOffer
  /** What was seen of it so far. */
  entries: readonly IndexEntry[]
  uri: string
}

/** What a multivariant playlist lists. */
export interface Listings {
  video: TrackListing | null
  audio: TrackListing | null
  rungs?: readonly RungListing[]
}

/** A multivariant playlist: video with its sound as a rendition, or sound alone as the only variant. */
export function renderMultivariant({ video, audio, rungs = [] }: Listings): string {
  const lines = ['#EXTM3U', `#EXT-X-VERSION:${HLS_VERSION}`]
  const main = video ?? audio
  if (main === null) return `${lines.join('\n')}\n`
  if (video !== null && audio !== null) {
    const channels = audio.init.channels ?? 2
    const names = 'TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES'
    lines.push(`#EXT-X-MEDIA:${names},CHANNELS="${channels}",URI="${audio.uri}"`)
  }
  const { init } = main
  const rate = measure(main.entries, init.bitrate)
  pushVariant(lines, { uri: main.uri, codec: init.codec, rate, picture: video && init }, video && audio)
  for (const { offer, entries, uri } of video === null ? [] : rungs) {
    const shown = measure(entries, offer.bitrate)
    const offered = { ...shown, peak: Math.max(shown.peak, offer.bitrate) }
    pushVariant(lines, { uri, codec: offer.codec, rate: offered, picture: offer }, audio)
  }
  lines.push('')
  return lines.join('\n')
}

interface Rate {
  peak: number
  average: number
}

interface Variant {
  uri: string
  codec: string
  rate: Rate
  picture: Picture | null
}

type Picture = Pick<InitInfo, 'width' | 'height' | 'frameRate'>

/** `sound` is what belongs to the variant as a rendition of its own. */
function pushVariant(lines: string[], variant: Variant, sound: TrackListing | null): void {
  const rates = [variant.rate, ...(sound === null ? [] : [measure(sound.entries, sound.init.bitrate)])]
  const total = (kind: 'peak' | 'average') => rates.reduce((sum, rate) => sum + rate[kind], 0)
  const codecs = [variant.codec, ...(sound === null ? [] : [sound.init.codec])]
  const attributes = [
    `BANDWIDTH=${total('peak')}`,
    `AVERAGE-BANDWIDTH=${total('average')}`,
    `CODECS="${codecs.join(',')}"`,
  ]
  if (variant.picture !== null) attributes.push(...pictureAttributes(variant.picture))
  if (sound !== null) attributes.push('AUDIO="sound"')
  lines.push(`#EXT-X-STREAM-INF:${attributes.join(',')}`, variant.uri)
}

function pictureAttributes(init: Picture): string[] {
  const attributes: string[] = []
  if (init.width && init.height) attributes.push(`RESOLUTION=${init.width}x${init.height}`)
  if (init.frameRate) attributes.push(`FRAME-RATE=${init.frameRate.toFixed(3)}`)
  return attributes
}

/** Short last segments say little of the peak (RFC 8216 4.3.4.2 measures over half a target at least). */
const SHORTEST_MEASURED_MS = 1_000

/** `hint` stands in for what was not seen yet. */
function measure(entries: readonly IndexEntry[], hint: number): Rate {
  let bytes = 0
  let ms = 0
  let peak = 0
  for (const entry of entries) {
    bytes += entry.sizeBytes
    ms += entry.durationMs
    if (entry.durationMs >= SHORTEST_MEASURED_MS)
      peak = Math.max(peak, (entry.sizeBytes * 8000) / entry.durationMs)
  }
  const average = Math.ceil(ms > 0 ? (bytes * 8000) / ms : hint)
  return { peak: Math.max(Math.ceil(peak), average), average }
}
