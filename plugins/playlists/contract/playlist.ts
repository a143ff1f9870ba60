import {
  Bytes,
  defineEvent,
  defineJob,
  defineProblem,
  defineRoute,
  Id,
  identity,
  PageQuery,
  PictureCrop,
  pageOf,
  Time,
  z,
} from '#contract'
import { Cover, Track, TrackRules } from '#plugins/catalog'

export const at = '/api/v1/playlists'
/** Most tracks of one playlist. */
export const mostItems = 10_000
/** How long a deleted playlist can be brought back. */
export const trashDays = 30

/** `unlisted`: whoever has the link with its secret; `private`: owner and editors. */
export const PlaylistVisibility = z.enum(['public', 'unlisted', 'private'])
export type PlaylistVisibility = z.infer<typeof PlaylistVisibility>
/** A `smart` one is made of rules each time it is read. */
export const PlaylistKind = z.enum(['list', 'smart'])
export type PlaylistKind = z.infer<typeof PlaylistKind>
/** Secret of an unlisted playlist, as its link carries it. */
export const KeyQuery = z.strictObject({ key: z.string().max(60).optional() })

export const PlaylistCard = z.strictObject({
  id: Id,
  title: z.string(),
  kind: PlaylistKind,
  visibility: PlaylistVisibility,
  owner: identity.Person.nullable(),
  trackCount: z.number(),
  /** Uploaded picture; where there is none, the page makes a mosaic of `covers`. */
  coverUrl: z.string().nullable(),
  /** Of up to four different releases, from the first tracks. */
  covers: z.array(Cover),
  /** Path of its page, with the secret for who may hand it on. */
  href: z.string(),
  /** Last change of its tracks. */
  changedAt: Time,
  /** What the caller is to it. */
  role: z.enum(['owner', 'editor', 'follower', 'moderator']).nullable(),
  /** Changed since the caller, who follows it, last looked. */
  hasNews: z.boolean(),
  /** The owner’s folder it lies in; null for everybody else. */
  folderId: Id.nullable(),
})
export type PlaylistCard = z.infer<typeof PlaylistCard>

/** One place in a playlist. `track` is null where the caller may not hear it. */
export const Item = z.strictObject({
  id: Id,
  trackId: Id,
  track: Track.nullable(),
  /** Null for people who are gone, and in smart playlists. */
  addedBy: identity.Person.nullable(),
  addedAt: Time.nullable(),
})
export type Item = z.infer<typeof Item>

export const Playlist = z.strictObject({
  ...PlaylistCard.shape,
  description: z.string(),
  /** Of a smart playlist. */
  rules: TrackRules.nullable(),
  editors: z.array(identity.Person),
  followerCount: z.number(),
  isFollowed: z.boolean(),
  createdAt: Time,
  /** Grows by one with each change of the tracks. */
  version: z.number(),
  /** Room of the channel `playlists.live`; another one as soon as fewer people may see the playlist. */
  room: z.string(),
  /** The first hundred places; `next` goes to `listItems` as `after`. */
  items: z.array(Item),
  next: Id.nullable(),
  can: z.strictObject({
    /** Tracks. */
    edit: z.boolean(),
    /** Title, words, cover, visibility, rules, editors. */
    manage: z.boolean(),
    remove: z.boolean(),
  }),
})
export type Playlist = z.infer<typeof Playlist>

const Title = z.string().trim().min(1, { error: 'Write a title.' }).max(120)
const words = { title: Title, description: z.string().trim().max(2000), visibility: PlaylistVisibility }

const ListQuery = z.strictObject({
  ...PageQuery.shape,
  q: z.string().max(80).optional(),
})
const page = pageOf(PlaylistCard)
export const listMyPlaylists = defineRoute({
  method: 'GET',
  path: `${at}/mine`,
  access: 'signed-in',
  summary: 'Playlists one owns or edits, newest first',
  query: z.strictObject({ ...ListQuery.shape, kind: PlaylistKind.optional() }),
  result: page,
})
export const listPublicPlaylists = defineRoute({
  method: 'GET',
  path: `${at}/public`,
  access: 'public',
  summary: 'Playlists everybody may find, newest first',
  query: ListQuery,
  result: page,
})
export const listPlaylistsOf = defineRoute({
  method: 'GET',
  path: `${at}/of/{username}`,
  access: 'public',
  summary: 'Public playlists of a person',
  query: PageQuery,
  result: page,
})
export const listTrash = defineRoute({
  method: 'GET',
  path: `${at}/trash`,
  access: 'signed-in',
  summary: 'One’s deleted playlists that can still be brought back, last deleted first',
  result: z.strictObject({
    items: z.array(z.strictObject({ id: Id, title: z.string(), trackCount: z.number(), trashedAt: Time })),
  }),
})
export const createPlaylist = defineRoute({
  method: 'POST',
  path: `${at}/mine`,
  access: 'signed-in',
  summary: 'Begin a playlist; with rules it is a smart one',
  body: z.strictObject({
    ...words,
    description: words.description.default(''),
    visibility: PlaylistVisibility.default('private'),
    folderId: Id.nullable().default(null),
    rules: TrackRules.nullable().default(null),
    trackIds: z.array(Id).max(500).default([]),
  }),
  result: Playlist,
})
export const getPlaylist = defineRoute({
  method: 'GET',
  path: `${at}/{id}`,
  access: 'public',
  summary: 'One playlist with its first hundred tracks',
  query: KeyQuery,
  result: Playlist,
})
export const updatePlaylist = defineRoute({
  method: 'PATCH',
  path: `${at}/{id}`,
  access: 'signed-in',
  summary: 'Change title, words, visibility, folder or rules; what is left out stays',
  body: z.strictObject({ ...words, folderId: Id.nullable(), rules: TrackRules }).partial(),
  result: Playlist,
})
export const trashPlaylist = defineRoute({
  method: 'DELETE',
  path: `${at}/{id}`,
  access: 'signed-in',
  summary: 'Put a playlist into the trash for thirty days',
})
export const restorePlaylist = defineRoute({
  method: 'POST',
  path: `${at}/{id}/restore`,
  access: 'signed-in',
  summary: 'Bring a playlist back from the trash',
  result: Playlist,
})
export const duplicatePlaylist = defineRoute({
  method: 'POST',
  path: `${at}/{id}/duplicate`,
  access: 'signed-in',
  summary: 'A playlist of one’s own with the same tracks; a smart one is frozen as it is now',
  query: KeyQuery,
  body: z.strictObject({ title: Title.optional() }),
  perMinute: 30,
  result: Playlist,
})
export const renewPlaylistKey = defineRoute({
  method: 'POST',
  path: `${at}/{id}/key`,
  access: 'signed-in',
  summary: 'Give an unlisted playlist another secret: links sent so far lead nowhere',
  result: Playlist,
})
export const setPlaylistCover = defineRoute({
  method: 'PUT',
  path: `${at}/{id}/cover`,
  access: 'signed-in',
  summary: 'Set the cover: JPEG, PNG, WebP or AVIF up to 10 MiB, cut as the query says',
  query: PictureCrop,
  takes: ['image/*'],
  body: Bytes,
  bodyLimit: 10 * 1024 * 1024,
  perMinute: 30,
  result: Playlist,
})
export const removePlaylistCover = defineRoute({
  method: 'DELETE',
  path: `${at}/{id}/cover`,
  access: 'signed-in',
  summary: 'Go back to the covers of its tracks',
  result: Playlist,
})
export const previewRules = defineRoute({
  method: 'POST',
  path: `${at}/preview`,
  access: 'signed-in',
  summary: 'What rules pick just now: how many tracks, and the first fifty',
  body: z.strictObject({ rules: TrackRules }),
  perMinute: 240,
  result: z.strictObject({ trackCount: z.number(), tracks: z.array(Track) }),
})

export const isSmart = defineProblem({
  name: 'playlists.is-smart',
  status: 409,
  title: 'A smart playlist fills itself: change its rules, or duplicate it to arrange tracks by hand.',
})
export const notSmart = defineProblem({
  name: 'playlists.not-smart',
  status: 409,
  title: 'This playlist has no rules; make a smart playlist instead.',
})
export const tooManyPlaylists = defineProblem({
  name: 'playlists.too-many',
  status: 409,
  title: 'You have as many playlists as can be; delete one you no longer need.',
})

const about = z.strictObject({ playlistId: Id })
/** Its tracks changed; told at most once an hour for each playlist, and only while it has followers. */
export const playlistUpdated = defineEvent({ name: 'playlists.playlist-updated', payload: about })
/** Empties the trash, forgets what was removed long ago. */
export const tendPlaylists = defineJob({ name: 'playlists.tend', payload: z.strictObject({}) })
