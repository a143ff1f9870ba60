import {
  defineChannel,
  defineContract,
  defineJob,
  defineProblem,
  defineRoute,
  defineSlot,
  Id,
  PageQuery,
  pageOf,
  Time,
  z,
} from '#contract'
import { Track } from '#plugins/catalog'

/** From where something plays, as "playing from Night Drives". */
export const PlayFrom = z.strictObject({
  id: z.string().max(100),
  title: z.string().max(200),
  /** A path of this site. */
  href: z
    .string()
    .max(300)
    .regex(/^\/(?![/\\])/)
    .nullable(),
})
/** The queue of an account as its player keeps it: what plays, what comes, and how. */
export const Queue = z.strictObject({
  /** Tracks in the order of the list, not of the shuffle. */
  trackIds: z.array(Id).max(2000),
  /** Index into trackIds; -1 for none. */
  index: z.number().int().min(-1).max(1999),
  positionMs: z.number().int().min(0),
  from: PlayFrom.nullable(),
  shuffleSeed: z.number().int().nullable(),
  /** Indexes into trackIds in the order of the shuffle; null where it is off. */
  order: z.array(z.number().int().min(0).max(1999)).max(2000).nullable().default(null),
  repeat: z.enum(['none', 'one', 'all']),
  /** Secrets of unlisted releases with the tracks of this list that are heard by them. */
  keys: z
    .array(z.strictObject({ key: z.string().min(1).max(60), trackIds: z.array(Id).min(1).max(2000) }))
    .max(200)
    .default([]),
  isPlaying: z.boolean(),
  /** The browser that plays, a name it chose for itself, and how people know it: `Firefox on Linux`. */
  deviceId: Id,
  deviceName: z.string().trim().min(1).max(60),
})
export type Queue = z.infer<typeof Queue>
/**
 * `tracks` are those about the present one, as many as one look at the queue shows; those with a key are not among them
 * and are asked for by it, one by one.
 */
const SavedQueue = z.strictObject({ ...Queue.shape, updatedAt: Time, tracks: z.array(Track) })
export type SavedQueue = z.infer<typeof SavedQueue>

export const getQueue = defineRoute({
  method: 'GET',
  path: '/api/v1/player/queue',
  access: 'signed-in',
  summary: 'The account’s queue as it was last saved, with the tracks that may still be heard',
  result: z.strictObject({ queue: SavedQueue.nullable() }),
})
export const saveQueue = defineRoute({
  method: 'PUT',
  path: '/api/v1/player/queue',
  access: 'signed-in',
  summary: 'Save the queue; other browsers of the account hear of it',
  body: Queue,
  result: z.strictObject({ updatedAt: Time }),
})
export const countPlay = defineRoute({
  method: 'POST',
  path: '/api/v1/player/plays',
  access: 'public',
  summary: 'A track was heard for 30 seconds or half of it; the same start counts once',
  body: z.strictObject({
    trackId: Id,
    /** UUIDv7 made by the player when a track starts. */
    startId: Id,
    /** Real time, whatever the speed. */
    heardMs: z.number().int().min(0).max(86_400_000),
    /** Secret of an unlisted release. */
    key: z.string().max(60).optional(),
  }),
  perMinute: 60,
})
export const HistoryItem = z.strictObject({ id: Id, playedAt: Time, track: Track })
export const listHistory = defineRoute({
  method: 'GET',
  path: '/api/v1/player/history',
  access: 'signed-in',
  summary: 'What the account has heard, last first',
  query: PageQuery,
  result: pageOf(HistoryItem),
})
export const removeHistoryItem = defineRoute({
  method: 'DELETE',
  path: '/api/v1/player/history/{id}',
  access: 'signed-in',
  summary: 'Take one entry out of one’s history',
})
export const clearHistory = defineRoute({
  method: 'DELETE',
  path: '/api/v1/player/history',
  access: 'signed-in',
  summary: 'Empty one’s history; counts of plays stay',
})
export const listPositions = defineRoute({
  method: 'GET',
  path: '/api/v1/player/positions',
  access: 'signed-in',
  summary: 'Long tracks the account stopped in the middle of, last first',
  result: z.strictObject({
    items: z.array(z.strictObject({ positionMs: z.number(), updatedAt: Time, track: Track })),
    /** Positions of shorter tracks are not kept. */
    longerThanMs: z.number(),
  }),
})
export const savePosition = defineRoute({
  method: 'PUT',
  path: '/api/v1/player/positions/{trackId}',
  access: 'signed-in',
  summary: 'Remember where a long track was left; null forgets it',
  body: z.strictObject({ positionMs: z.number().int().min(0).max(172_800_000).nullable() }),
})
export const oEmbed = defineRoute({
  method: 'GET',
  path: '/api/v1/player/oembed',
  access: 'public',
  summary: 'oEmbed 1.0 of a release, track or playlist everybody may find, by the address of its page',
  query: z.strictObject({
    url: z.string().max(500),
    maxwidth: z.coerce.number().int().min(1).max(10_000).optional(),
    maxheight: z.coerce.number().int().min(1).max(10_000).optional(),
    format: z.enum(['json', 'xml']).default('json'),
  }),
  result: z.strictObject({
    version: z.literal('1.0'),
    type: z.literal('rich'),
    provider_name: z.string(),
    provider_url: z.string(),
    title: z.string(),
    author_name: z.string().optional(),
    author_url: z.string().optional(),
    thumbnail_url: z.string().optional(),
    thumbnail_width: z.number().optional(),
    thumbnail_height: z.number().optional(),
    html: z.string(),
    width: z.number(),
    height: z.number(),
    cache_age: z.number(),
  }),
})
/** What an embed shows; as of nobody in particular, whoever asks. */
export const Embed = z.strictObject({
  title: z.string(),
  author: z.strictObject({ name: z.string(), href: z.string().nullable() }).nullable(),
  /** Path of the page this is an embed of. */
  href: z.string(),
  imageUrl: z.string().nullable(),
  tracks: z.array(Track),
})
export type Embed = z.infer<typeof Embed>
export const getEmbed = defineRoute({
  method: 'GET',
  path: '/api/v1/player/embeds/{kind}/{key}',
  access: 'public',
  summary: 'What the embed of a track, release or playlist shows: only what everybody may find',
  result: Embed,
})

export const notHeard = defineProblem({
  name: 'player.not-heard',
  status: 409,
  title: 'This cannot have been heard for so long yet; tell it again a little later.',
})
export const notEmbeddable = defineProblem({
  name: 'player.not-embeddable',
  status: 401,
  title: 'This is not for everybody, so it cannot be shown on other sites.',
})
export const jsonOnly = defineProblem({
  name: 'player.json-only',
  status: 501,
  title: 'Embeds are described as JSON only; ask for format=json.',
})

/** Forgets what no listener has in a history any more. */
export const tendPlayer = defineJob({ name: 'player.tend', payload: z.strictObject({}) })

/** Beside the queue in the now-playing view, for what becomes of the whole of it: save as a playlist. */
export const queueActions = defineSlot<{ trackIds: readonly string[] }>('player.queue-actions')
/** A lane of its own below the waveform of the track that plays: comments at their times. */
export const trackLane = defineSlot<{ track: Track; seek(ms: number): void }>('player.track-lane')

/** The account's browsers among themselves. */
export const deviceChannel = defineChannel({
  name: 'player.devices',
  params: z.strictObject({ accountId: Id }),
  messages: {
    /** Another browser saved the queue: whoever plays and is not `deviceId` pauses if it is playing. */
    saved: z.strictObject({
      deviceId: Id,
      deviceName: z.string(),
      isPlaying: z.boolean(),
      trackId: Id.nullable(),
      positionMs: z.number(),
      updatedAt: Time,
    }),
  },
})

/** What `/embed/{kind}/{id}` can show of another plugin's. */
export interface Embeddable {
  title: string
  author: { name: string; href: string | null } | null
  /** Path of the page this is an embed of. */
  href: string
  imageUrl: string | null
  trackIds: string[]
}
export interface PlayerApi {
  /**
   * Adds a kind of embed, as `playlist`; its pages are `/<kind>s/{key}`. Answers null where there is no such thing,
   * `hidden` where not everybody may find it.
   */
  addEmbed(kind: string, find: (key: string) => Promise<Embeddable | 'hidden' | null>): void
}
export const player = defineContract<PlayerApi>('player')
