import { defineContract, defineJob, defineSlot, Id, z } from '#contract'
import type { Account, Call, Db } from '#sdk'
import type { Release, ReleaseCard } from './contract/release.ts'
import type { TrackRules } from './contract/rules.ts'
import type { Track, TrackInFull } from './contract/track.ts'

export * from './contract/library.ts'
export * from './contract/release.ts'
export * from './contract/rules.ts'
export * from './contract/track.ts'

/** Publishes what is due, empties the trash. */
export const tendCatalog = defineJob({ name: 'catalog.tend', payload: z.strictObject({}) })

/** Makes the cover of a release without one out of the picture of a file; one that cannot be read is left out. */
export const makeCover = defineJob({
  name: 'catalog.make-cover',
  payload: z.strictObject({ releaseId: Id, pictureKey: z.string() }),
  concurrency: 1,
  priority: 1,
})
/** Loudness of a release as a whole, from what was measured of its tracks. */
export const measureRelease = defineJob({
  name: 'catalog.measure-release',
  payload: z.strictObject({ releaseId: Id }),
})
/** Removes pictures that no release names. */
export const sweepCovers = defineJob({ name: 'catalog.sweep-covers', payload: z.strictObject({}) })

/** On a release's page, below its tracks: comments, supporters, what others know of it. */
export const releaseParts = defineSlot<{ release: Release; tracks: Track[] }>('catalog.release')
/** On a release's page, beside the play button: price, shop. */
export const releaseActions = defineSlot<{ release: Release; tracks: Track[] }>('catalog.release-actions')
/** In the menu of a track, wherever it is listed: add to a playlist and the like. */
export const trackActions = defineSlot<{ track: Track; onDone(): void }>('catalog.track-actions')
/** On a track's page. */
export const trackParts = defineSlot<{ track: TrackInFull }>('catalog.track')
/** Tabs of the library. */
export const libraryTabs = defineSlot<Record<never, never>>('catalog.library-tabs')

type Asking = Pick<Call, 'account' | 'header' | 'cookie'> & {
  /** The secret of an unlisted release, where the caller came with one. */
  key?: string | undefined
}

/** What other plugins may ask. */
export interface CatalogApi {
  /** As this caller may see them; those that are gone, in the trash or hidden from the caller are left out. */
  tracksByIds(call: Asking, ids: string[]): Promise<Map<string, Track>>
  releasesByIds(call: Asking, ids: string[]): Promise<Map<string, ReleaseCard>>
  /** By the last part of its address, with the ids of its tracks in order; null where the caller may not find it. */
  releaseBySlug(call: Asking, slug: string): Promise<{ release: ReleaseCard; trackIds: string[] } | null>
  /** Of what is there at all, whoever asks. */
  existing(db: Db, trackIds: string[]): Promise<Set<string>>
  /** Ids of the tracks that these rules pick for an account, in order; only what that account may find. */
  pick(rules: TrackRules, account: Pick<Account, 'id' | 'permissions'> | null): Promise<string[]>
  /** Finds tracks by what a playlist file says of them, best match first found: ISRC, title and artist, file name. */
  recognise(
    call: Asking,
    wanted: {
      title: string | null
      artist: string | null
      album: string | null
      isrc: string | null
      location: string | null
      durationMs: number | null
    }[],
  ): Promise<(string | null)[]>
  /** Adds plays, per account where it is known; part of the caller's transaction. */
  countPlays(db: Db, plays: { trackId: string; accountId: string | null; at: string }[]): Promise<void>
}
export const catalog = defineContract<CatalogApi>('catalog')
