import { defineContract, defineEvent, defineJob, Id, z } from '#contract'
import type { Db } from '#sdk'
import type {
  AssetFacts,
  Audience,
  DownloadFormat,
  LookedFile,
  PathGuess,
  Playback,
  Waveform,
} from './contract/facts.ts'

export * from './contract/asset.ts'
export * from './contract/facts.ts'
export * from './contract/problems.ts'

const about = z.strictObject({ assetId: Id })
/** Tags, cover and hashes are known. */
export const assetInspected = defineEvent({ name: 'media.asset-inspected', payload: about })
/** It can be played. */
export const assetReady = defineEvent({ name: 'media.asset-ready', payload: about })
export const assetFailed = defineEvent({ name: 'media.asset-failed', payload: about })
export const assetRemoved = defineEvent({ name: 'media.asset-removed', payload: about })

export const inspectAsset = defineJob({ name: 'media.inspect-asset', payload: about, concurrency: 2 })
export const processAsset = defineJob({
  name: 'media.process-asset',
  payload: about,
  concurrency: 1,
  leaseMs: 60_000,
})
export const unpackArchive = defineJob({
  name: 'media.unpack-archive',
  payload: z.strictObject({ uploadId: Id, accountId: Id, name: z.string(), batch: z.string().nullable() }),
  concurrency: 1,
})
export const makeDownload = defineJob({
  name: 'media.make-download',
  payload: z.strictObject({ downloadId: Id }),
  concurrency: 1,
  priority: 5,
})
/** Removes an asset that was given up for good, unless somebody uses it. */
export const removeLoose = defineJob({ name: 'media.remove-loose', payload: about, concurrency: 2 })
/** Removes what nothing points to: abandoned uploads, loose files, folders a crash left. */
export const sweepMedia = defineJob({ name: 'media.sweep', payload: z.strictObject({}) })

/** What other plugins may ask. */
export interface MediaApi {
  assetsByIds(ids: string[]): Promise<Map<string, AssetFacts>>
  /** For ready assets; others are left out. No query: takes what assetsByIds gave. */
  playbackOf(asset: AssetFacts, audience: Audience): Playback | null
  /** As playbackOf, for the peaks. */
  waveformOf(asset: AssetFacts, audience: Audience): Waveform | null
  /** How this caller's addresses are bound: to the session cookie or bearer token of the call; `public` without one. */
  audienceOf(call: {
    header(name: string): string | undefined
    cookie(name: string): string | undefined
  }): Audience
  /** The asset is used under this name, e.g. `catalog.track:<id>`; a repeated call changes nothing. */
  hold(db: Db, assetId: string, holder: string): Promise<void>
  /** Not used any more; without any holder it is removed by a later sweep, with its files. */
  release(db: Db, assetId: string, holder: string): Promise<void>
  /** As release, for good: without any holder it is removed at once, and its room is free. */
  discard(db: Db, assetId: string, holder: string): Promise<void>
  /** All addresses given out so far stop working within ten seconds. */
  revoke(db: Db, assetIds: string[]): Promise<void>
  /**
   * Brings a file of this machine in by copying; the same bytes are not brought twice. Inspects it at once (hashes, tags)
   * and leaves the rest to jobs. Throws notAudio, brokenAudio … for what cannot be used.
   */
  bring(file: {
    path: string
    relativePath: string
    ownerId: string | null
    batch: string | null
    /** What `look` gave for it: it is not read once more. */
    looked?: LookedFile
    /** Path of a picture that goes before the one in the file; null: only that one. Unset: one beside the file, where it has none. */
    cover?: string | null
  }): Promise<{ assetId: string; isNew: boolean }>
  /** Reads a file of this machine and keeps nothing of it; throws as bring. */
  look(file: { path: string; relativePath: string }): Promise<LookedFile>
  /** What folders and name say of a file that says nothing itself. */
  guessOf(relativePath: string): PathGuess
  /** Assets with these hashes of the sound, by hash. */
  byAudioHash(hashes: string[]): Promise<Map<string, string>>
  /** A file to take away, with tags written in: its address when it is ready, else it is being made. */
  download(wish: {
    assetId: string
    format: DownloadFormat
    /** Vorbis comment names (`TITLE`, `REPLAYGAIN_TRACK_GAIN` …). */
    tags: Record<string, string | string[]>
    /** Storage key of a JPEG. */
    coverKey: string | null
    /** Without its ending. */
    fileName: string
  }): Promise<{ state: 'ready'; url: string } | { state: 'preparing' } | { state: 'failed' }>
}
export const media = defineContract<MediaApi>('media')
