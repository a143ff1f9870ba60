/** What a playlist file says of one track. */
export interface FileEntry {
  title: string | null
  artist: string | null
  album: string | null
  durationMs: number | null
  isrc: string | null
  location: string | null
}
/** An entry as it was read, with where it stood. */
export interface ReadEntry extends FileEntry {
  /** Line of the file (M3U), or number of the entry; from 1. */
  line: number
}
export interface PlaylistFile<Entry extends FileEntry = FileEntry> {
  title: string | null
  description: string | null
  entries: Entry[]
}

/** Thrown for what cannot be read; `reason` tells a file that is too long from one that is none. */
export class UnreadableFile extends Error {
  readonly reason: 'format' | 'entries'
  constructor(reason: 'format' | 'entries') {
    super(reason)
    this.reason = reason
  }
}

const longest = 1000

/** A value as it may be kept: null where nothing is left of it. */
export function textOf(value: string | null | undefined): string | null {
  const text = (value ?? '').toWellFormed().trim().slice(0, longest).toWellFormed()
  return text === '' ? null : text
}

/** `urn:isrc:FRZ032600123` and the ways others write it. */
export const isrcOf = (identifier: string): string | null =>
  /^(?:urn:)?isrc:([a-z]{2}[a-z0-9]{3}\d{7})$/i.exec(identifier.replaceAll('-', ''))?.[1]?.toUpperCase() ??
  null

/** Lengths beyond a hundred days are mistakes. */
export const durationOf = (ms: number): number | null =>
  Number.isFinite(ms) && ms > 0 && ms < 8_640_000_000 ? Math.round(ms) : null
