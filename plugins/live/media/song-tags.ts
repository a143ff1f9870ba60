import { createHash } from 'node:crypto'

/** A song by where it begins on its stream's timeline. */
export interface SongMark {
  atMs: number
  title: string
}

/** With the date of that, in ms since 1970. */
export interface DatedSong extends SongMark {
  dateMs: number
}

/** What gives places of the timeline their dates: segments, oldest first. */
interface Dated {
  startMs: number
  /** ISO-8601 wall time of `startMs`. */
  at: string
}

/** Songs with their dates by the segment that each begins in; by the first one for what began before all of them. */
export function dateSongs(songs: readonly SongMark[], segments: readonly Dated[]): DatedSong[] {
  return songs.flatMap((song) => {
    const dateMs = dateOf(song.atMs, segments)
    return dateMs === null ? [] : [{ ...song, dateMs }]
  })
}

/** Null without any segment. */
export function dateOf(atMs: number, segments: readonly Dated[]): number | null {
  const segment = segments.findLast(({ startMs }) => startMs <= atMs) ?? segments[0]
  return segment ? Math.round(Date.parse(segment.at) + atMs - segment.startMs) : null
}

/** Writes the tags of all songs that begin before a date and were not written yet. */
export type PushSongs = (lines: string[], beforeMs: number) => void

/**
 * Goes along a playlist that begins at a date: what was over by then is left out, what runs then comes first. A delta
 * update has all of them, as nothing says that date ranges are skipped (RFC 8216bis 6.2.5.1).
 */
export function songTags(songs: readonly DatedSong[], fromMs: number): PushSongs {
  let next = Math.max(
    0,
    songs.findLastIndex(({ dateMs }) => dateMs <= fromMs),
  )
  return (lines, beforeMs) => {
    for (; next < songs.length && songs[next]!.dateMs < beforeMs; next++) lines.push(tagOf(songs[next]!))
  }
}

/** EXT-X-DATERANGE (RFC 8216 4.3.2.7): a song goes on until the next of its class begins. */
function tagOf({ atMs, title, dateMs }: DatedSong): string {
  // Two titles of one place are two ranges: the attributes of an id must not change.
  const mark = createHash('sha256').update(title).digest('base64url').slice(0, 8)
  const attributes = [
    `ID="song-${atMs}-${mark}"`,
    'CLASS="com.veza.song"',
    `START-DATE="${new Date(dateMs).toISOString()}"`,
    'END-ON-NEXT=YES',
    `X-COM-VEZA-TITLE="${quotable(title)}"`,
  ]
  return `#EXT-X-DATERANGE:${attributes.join(',')}`
}

/** A quoted string has neither quotes nor line ends, and no way to escape them (RFC 8216 4.2). */
function quotable(title: string): string {
  return title.replaceAll('"', "'").replace(/[\p{Cc}\p{Cs}\u2028\u2029]+/gu, ' ')
}
