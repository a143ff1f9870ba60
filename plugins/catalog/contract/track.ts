import { defineEvent, defineProblem, defineRoute, Id, pageOf, Time, z } from '#contract'
import { DownloadFormat, Playback, Waveform } from '#plugins/media'
import { Credit, CreditInput, ReleaseCard } from './release.ts'

const text = (max: number) => z.string().trim().max(max)
const tracks = '/api/v1/catalog/tracks'

/** A track in lists, with all that playing it needs. */
export const Track = z.strictObject({
  id: Id,
  title: z.string(),
  /** `main` and `featured`, in this order. */
  artists: z.array(Credit),
  release: ReleaseCard,
  discNumber: z.number(),
  trackNumber: z.number(),
  durationMs: z.number(),
  genre: z.string(),
  tags: z.array(z.string()),
  bpm: z.number().nullable(),
  /** `Am`, `F#`, `Bb` … */
  key: z.string().nullable(),
  isExplicit: z.boolean(),
  isrc: z.string().nullable(),
  /** EBU R128. */
  loudnessLufs: z.number().nullable(),
  truePeakDbtp: z.number().nullable(),
  loudnessRangeLu: z.number().nullable(),
  /** ReplayGain 2.0: to -18 LUFS; of the track, and of its release as a whole, with the highest peak of that. */
  gain: z.strictObject({
    trackDb: z.number().nullable(),
    albumDb: z.number().nullable(),
    albumPeakDbtp: z.number().nullable(),
  }),
  plays: z.number(),
  waveform: Waveform.nullable(),
  /** Null while the file is processed, or where it failed. */
  playback: Playback.nullable(),
  /** What the caller made of it; null for strangers. */
  mine: z.strictObject({ isFavourite: z.boolean(), stars: z.number().nullable() }).nullable(),
  createdAt: Time,
})
export type Track = z.infer<typeof Track>

export const TrackInFull = z.strictObject({
  ...Track.shape,
  credits: z.array(Credit),
  lyrics: z.string(),
  /** LRC text, empty where there is none. */
  syncedLyrics: z.string(),
  language: z.string(),
  licence: z.string(),
  /** Of the file as it was uploaded: `FLAC`, 44100, 16 … */
  source: z
    .strictObject({
      format: z.string().nullable(),
      sampleRate: z.number().nullable(),
      bitDepth: z.number().nullable(),
      channels: z.number().nullable(),
      leadSilenceMs: z.number().nullable(),
      tailSilenceMs: z.number().nullable(),
    })
    .nullable(),
  downloads: z.array(DownloadFormat),
  can: z.strictObject({ edit: z.boolean() }),
})
export type TrackInFull = z.infer<typeof TrackInFull>

/** ISO 3901: country, registrant, year, designation; written without hyphens. */
const Isrc = z
  .string()
  .transform((value) => value.replace(/[\s-]/g, '').toUpperCase())
  .refine((value) => /^[A-Z]{2}[A-Z0-9]{3}\d{7}$/.test(value), {
    error: 'This is no ISRC: it looks like FR-Z03-26-00123.',
  })
/** Musical keys in words: `C`, `F#m`, `Bb`. */
const Key = z.string().regex(/^[A-G][#b]?m?$/, { error: 'Write the key as C, F#m or Bb.' })

export const TrackChange = z
  .strictObject({
    title: z.string().trim().min(1, { error: 'Write a title.' }).max(200),
    credits: z.array(CreditInput).max(60),
    genre: text(60),
    tags: z.array(z.string().trim().toLowerCase().min(1).max(40)).max(20),
    bpm: z.number().min(20).max(400).nullable(),
    key: Key.nullable(),
    isrc: Isrc.nullable(),
    isExplicit: z.boolean(),
    lyrics: z.string().max(20_000),
    syncedLyrics: z.string().max(40_000),
    language: text(35),
    licence: text(80),
  })
  .partial()
export type TrackChange = z.infer<typeof TrackChange>

export const trackSorts = ['newest', 'oldest', 'title', 'plays', 'duration', 'bpm'] as const
export const listTracks = defineRoute({
  method: 'GET',
  path: tracks,
  access: 'public',
  summary: 'Tracks the caller may find',
  query: z.strictObject({
    /** Words or their beginnings, of title, artists and release. */
    q: z.string().max(80).optional(),
    genre: z.string().max(60).optional(),
    artist: z.string().max(120).optional(),
    tag: z.string().max(40).optional(),
    key: z.string().max(4).optional(),
    bpmFrom: z.coerce.number().min(0).max(400).optional(),
    bpmTo: z.coerce.number().min(0).max(400).optional(),
    isFavourite: z.stringbool().optional(),
    /** `mine`: of releases one may edit. */
    whose: z.enum(['all', 'mine']).default('all'),
    /** Up to 100 ids with commas between: these, in this order, as far as they may be seen. */
    ids: z.string().max(3700).optional(),
    sort: z.enum(trackSorts).default('newest'),
    after: Id.optional(),
    limit: z.coerce.number().int().min(1).max(100).default(50),
  }),
  result: pageOf(Track),
})
export const getTrack = defineRoute({
  method: 'GET',
  path: `${tracks}/{id}`,
  access: 'public',
  summary: 'One track in full; `key` is the secret of an unlisted release',
  query: z.strictObject({ key: z.string().max(60).optional() }),
  result: TrackInFull,
})
export const listReleaseTracks = defineRoute({
  method: 'GET',
  path: '/api/v1/catalog/releases/{slug}/tracks',
  access: 'public',
  summary: 'The tracks of a release in their order, all of them',
  query: z.strictObject({ key: z.string().max(60).optional() }),
  result: z.strictObject({ items: z.array(Track) }),
})
export const addTracks = defineRoute({
  method: 'POST',
  path: '/api/v1/catalog/releases/{slug}/tracks',
  access: 'signed-in',
  summary: 'Put uploaded files at the end of a release',
  body: z.strictObject({ assetIds: z.array(Id).min(1).max(500) }),
  result: z.strictObject({ items: z.array(Track) }),
})
export const orderTracks = defineRoute({
  method: 'PUT',
  path: '/api/v1/catalog/releases/{slug}/order',
  access: 'signed-in',
  summary: 'Order the tracks; the list names each one of the release once',
  body: z.strictObject({
    items: z.array(z.strictObject({ id: Id, discNumber: z.number().int().min(1).max(99) })).max(2000),
  }),
  result: z.strictObject({ items: z.array(Track) }),
})
export const updateTrack = defineRoute({
  method: 'PATCH',
  path: `${tracks}/{id}`,
  access: 'signed-in',
  summary: 'Change a track; what is left out stays',
  body: TrackChange,
  result: TrackInFull,
})
export const updateTracks = defineRoute({
  method: 'PATCH',
  path: tracks,
  access: 'signed-in',
  summary: 'Change up to 500 tracks alike: all of them, or none',
  body: z.strictObject({ ids: z.array(Id).min(1).max(500), change: TrackChange }),
  result: z.strictObject({ items: z.array(Track) }),
})
export const trashTrack = defineRoute({
  method: 'DELETE',
  path: `${tracks}/{id}`,
  access: 'signed-in',
  summary: 'Put a track into the trash',
})
export const replaceAudio = defineRoute({
  method: 'POST',
  path: `${tracks}/{id}/audio`,
  access: 'signed-in',
  summary: 'Play another file from now on; address, plays and playlists stay, and so does the former file',
  body: z.strictObject({ assetId: Id }),
  result: TrackInFull,
})
export const TrackVersion = z.strictObject({
  id: Id,
  assetId: Id,
  fileName: z.string(),
  durationMs: z.number().nullable(),
  isCurrent: z.boolean(),
  createdAt: Time,
})
export const listVersions = defineRoute({
  method: 'GET',
  path: `${tracks}/{id}/versions`,
  access: 'signed-in',
  summary: 'The files a track has had, newest first',
  result: z.strictObject({ items: z.array(TrackVersion) }),
})
export const restoreVersion = defineRoute({
  method: 'POST',
  path: `${tracks}/{id}/versions/{versionId}/restore`,
  access: 'signed-in',
  summary: 'Play a former file again',
  result: TrackInFull,
})
export const downloadTrack = defineRoute({
  method: 'POST',
  path: `${tracks}/{id}/download`,
  access: 'public',
  summary:
    'Ask for a file to take away, with its tags and cover written in; ask again while it is being prepared',
  query: z.strictObject({ key: z.string().max(60).optional() }),
  body: z.strictObject({ format: DownloadFormat }),
  perMinute: 60,
  result: z.strictObject({
    state: z.enum(['ready', 'preparing', 'failed']),
    url: z.string().nullable(),
  }),
})
export const setFavourite = defineRoute({
  method: 'PUT',
  path: `${tracks}/{id}/favourite`,
  access: 'signed-in',
  summary: 'Keep a track among one’s favourites, or no longer; `key` as for reading it',
  query: z.strictObject({ key: z.string().max(60).optional() }),
  body: z.strictObject({ isFavourite: z.boolean() }),
})
export const setStars = defineRoute({
  method: 'PUT',
  path: `${tracks}/{id}/stars`,
  access: 'signed-in',
  summary: 'Rate a track with one to five stars, or with none; `key` as for reading it',
  query: z.strictObject({ key: z.string().max(60).optional() }),
  body: z.strictObject({ stars: z.number().int().min(1).max(5).nullable() }),
})
export const listSimilar = defineRoute({
  method: 'GET',
  path: `${tracks}/{id}/similar`,
  access: 'public',
  summary: 'Tracks like this one, most alike first: for an endless queue, without those already in it',
  query: z.strictObject({
    /** Ids with commas between that are not wanted. */
    without: z.string().max(7500).optional(),
    key: z.string().max(60).optional(),
    limit: z.coerce.number().int().min(1).max(50).default(20),
  }),
  result: z.strictObject({ items: z.array(Track) }),
})

export const notReady = defineProblem({
  name: 'catalog.not-ready',
  status: 409,
  title: 'This file is still being processed; wait until it is ready.',
})
export const noDownload = defineProblem({
  name: 'catalog.no-download',
  status: 403,
  title: 'This release is there to be heard, not to be taken away.',
})
export const wrongOrder = defineProblem({
  name: 'catalog.wrong-order',
  status: 409,
  title: 'The release has other tracks by now; load it anew and order them again.',
})

const about = z.strictObject({ trackId: Id })
export const trackChanged = defineEvent({ name: 'catalog.track-changed', payload: about })
/** For good, not into the trash. */
export const trackRemoved = defineEvent({ name: 'catalog.track-removed', payload: about })
