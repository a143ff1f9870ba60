import { box, fullBox, text, u16, u32 } from '../../media/boxes.ts'
import type { SampleTables } from './tables.ts'

/** Of movie times: milliseconds. */
const MOVIE_TIMESCALE = 1000
const UNITY = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)

/** One track as the head of a file tells it. */
export interface MovieTrack {
  kind: 'video' | 'audio'
  tables: SampleTables
  /** Sample entries, by number from 1. */
  descriptions: Buffer[]
  width: number
  height: number
}

/** What is shown of the tracks: this stretch of their common timeline, which is then the whole movie. */
export interface Shown {
  fromMs: number
  untilMs: number
}

/** ftyp, moov and the head of the media: what comes before the first byte of media. */
export function movieHead(tracks: readonly MovieTrack[], shown: Shown, mediaBytes: number): Buffer {
  // Offsets have eight bytes whatever they are, so the size is known before them.
  const mediaAt = withMediaHead(tracks, shown, { mediaAt: 0, mediaBytes }).length
  return withMediaHead(tracks, shown, { mediaAt, mediaBytes })
}

function withMediaHead(
  tracks: readonly MovieTrack[],
  shown: Shown,
  media: { mediaAt: number; mediaBytes: number },
): Buffer {
  const boxes = tracks.map((track, i) => trackBox(track, i + 1, shown, media.mediaAt))
  const durationMs = Math.round(shown.untilMs - shown.fromMs)
  const next = u32(tracks.length + 1)
  const times = u32(0, 0, MOVIE_TIMESCALE, durationMs, 0x10000)
  const header = fullBox('mvhd', 0, 0, times, u16(0x100, 0), u32(0, 0), UNITY, Buffer.alloc(24), next)
  const mediaHead = Buffer.alloc(16)
  mediaHead.writeUInt32BE(1, 0)
  mediaHead.write('mdat', 4, 'latin1')
  mediaHead.writeBigUInt64BE(BigInt(media.mediaBytes + 16), 8)
  return Buffer.concat([
    box('ftyp', text('isom'), u32(0x200), text('isomiso6mp41')),
    box('moov', header, ...boxes),
    mediaHead,
  ])
}

function trackBox(track: MovieTrack, id: number, shown: Shown, mediaAt: number): Buffer {
  const { kind, tables, descriptions, width, height } = track
  const isVideo = kind === 'video'
  const durationMs = Math.round(shown.untilMs - shown.fromMs)
  const size = u32(width * 0x10000, height * 0x10000)
  const volume = u16(0, isVideo ? 0 : 1, isVideo ? 0 : 0x100, 0)
  const header = isVideo ? fullBox('vmhd', 0, 1, u16(0, 0, 0, 0)) : fullBox('smhd', 0, 0, u16(0, 0))
  const handler = text(isVideo ? 'vide' : 'soun')
  const name = text(isVideo ? 'Video\0' : 'Sound\0')
  const mediaHeader = Buffer.alloc(32)
  mediaHeader.writeUInt32BE(tables.timescale, 16)
  mediaHeader.writeBigUInt64BE(BigInt(tables.durationTicks), 20)
  mediaHeader.writeUInt16BE(0x55c4, 28)
  return box(
    'trak',
    fullBox('tkhd', 0, 3, u32(0, 0, id, 0, durationMs, 0, 0), volume, UNITY, size),
    box('edts', editList(tables, shown)),
    box(
      'mdia',
      fullBox('mdhd', 1, 0, mediaHeader),
      fullBox('hdlr', 0, 0, u32(0), handler, u32(0, 0, 0), name),
      box(
        'minf',
        header,
        box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1))),
        tables.toBox(descriptions, mediaAt),
      ),
    ),
  )
}

/** Which part of the track's own time is shown when (8.6.6): nothing before it begins, nothing of what comes before. */
function editList(tables: SampleTables, shown: Shown): Buffer {
  const firstMs = (tables.firstTicks * 1000) / tables.timescale
  const emptyMs = Math.max(0, Math.round(firstMs - shown.fromMs))
  const skippedTicks = Math.max(0, Math.round(((shown.fromMs - firstMs) * tables.timescale) / 1000))
  const rest = Math.max(0, Math.round(shown.untilMs - shown.fromMs) - emptyMs)
  const edits = [u32(rest, skippedTicks, 0x10000)]
  if (emptyMs > 0) edits.unshift(u32(emptyMs, 0xffffffff, 0x10000))
  return fullBox('elst', 0, 0, u32(edits.length), ...edits)
}
