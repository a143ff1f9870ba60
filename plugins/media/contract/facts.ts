import { Time, z } from '#contract'
import type { AssetState } from './asset.ts'

export const DownloadFormat = z.enum(['original', 'flac', 'mp3-320', 'mp3-v0', 'opus', 'aac-256'])
export type DownloadFormat = z.infer<typeof DownloadFormat>

/** Addresses that play an asset; all end with `expiresAt`. */
export const Playback = z.strictObject({
  /** What the web player reads: PlaybackManifest, JSON. */
  manifest: z.string(),
  /** HLS multivariant playlist (RFC 8216, version 7). */
  hls: z.string(),
  /** Whole files, best for this purpose first. */
  progressive: z.array(z.strictObject({ codec: z.string(), mime: z.string(), url: z.string() })),
  hasLossless: z.boolean(),
  expiresAt: Time,
})
export type Playback = z.infer<typeof Playback>

/** Peaks as `.dat` of audiowaveform (version 2, 8 bit): about 1,000 points, 8 and 64 points a second. */
export const Waveform = z.strictObject({ url: z.string(), detailUrl: z.string(), fineUrl: z.string() })
export type Waveform = z.infer<typeof Waveform>

/**
 * What a file said of itself, in one shape for all formats: trimmed, NFC, without control characters, cut to the
 * limits; `null` and empty where it said nothing.
 */
export interface FileTags {
  title: string | null
  /** Main artists; featured ones are in `credits`. */
  artists: string[]
  albumArtists: string[]
  album: string | null
  trackNumber: number | null
  trackTotal: number | null
  discNumber: number | null
  discTotal: number | null
  /** `2026`, `2026-11` or `2026-11-22`. */
  releaseDate: string | null
  genres: string[]
  bpm: number | null
  /** `C`, `F#`, `Bbm`: a note, `#` or `b`, `m` for minor. */
  key: string | null
  /** Twelve characters, upper case, no dashes. */
  isrc: string | null
  /** 12 or 13 digits with a correct check digit. */
  upc: string | null
  catalogNumber: string | null
  label: string | null
  cLine: string | null
  pLine: string | null
  credits: { name: string; role: string }[]
  lyrics: string | null
  /** LRC text, `[mm:ss.xx]line`. */
  syncedLyrics: string | null
  licence: string | null
  isExplicit: boolean | null
  isCompilation: boolean
  comment: string | null
  /** Moods and groupings. */
  tags: string[]
}

/** An asset as other plugins see it. */
export interface AssetFacts {
  id: string
  ownerId: string | null
  state: AssetState
  fileName: string
  /** Path below the folder or ZIP it was dropped with, or the imported folder. */
  relativePath: string | null
  /** Files dropped together share it. */
  batch: string | null
  sizeBytes: number
  contentHash: string | null
  audioHash: string | null
  format: string | null
  isLossless: boolean
  sampleRate: number | null
  bitDepth: number | null
  channels: number | null
  bitrateKbps: number | null
  durationMs: number | null
  loudnessLufs: number | null
  loudnessRangeLu: number | null
  truePeakDbtp: number | null
  leadSilenceMs: number | null
  tailSilenceMs: number | null
  /** Counts of 400 ms blocks by loudness in tenths of LUFS: for the loudness of an album. */
  momentary: [lufsTimes10: number, count: number][]
  shortTerm: [lufsTimes10: number, count: number][]
  /** Storage key of the picture that was in the file or beside it; whatever it was, not yet decoded. */
  coverKey: string | null
  tags: FileTags
  /** Why it could not be processed, in a sentence; null unless it failed. */
  fault: string | null
  /** What playbackOf and waveformOf go by; null until the asset is ready. */
  playable: Playable | null
}

/** A file of this machine that was read and not kept. */
export interface LookedFile {
  contentHash: string
  audioHash: string
  /** As far as they are known before anything is decoded; without an id. */
  facts: AssetFacts
}

/** What folders and name say of a file: `Artist/2021 - Album/CD1/03 - Title.flac`. The title is never empty. */
export interface PathGuess {
  artist?: string
  album?: string
  trackNumber?: number
  discNumber?: number
  title: string
}

/** The files that play an asset; only for MediaApi to read. */
export interface Playable {
  /** Counted up by `revoke`. */
  epoch: number
  hasLossless: boolean
  /** Whole files, best first. */
  progressive: { codec: string; mime: string; file: string }[]
  /** Names of the waveforms, coarse to fine. */
  waveforms: string[]
}

/**
 * Who will play: `public` gives an address for everybody, good until the end of tomorrow; a text (the caller's session
 * cookie or token) one that works only together with it, for six hours.
 */
export type Audience = 'public' | { boundTo: string }
