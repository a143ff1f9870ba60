import { Bytes, defineChannel, defineProblem, defineRoute, Id, identity, pageOf, z } from '#contract'
import { at, Item, KeyQuery } from './playlist.ts'

/** Largest change that is taken at once, in bytes. */
export const mostUpdateBytes = 512 * 1024

const ids = z.array(Id).min(1).max(500)
export const listItems = defineRoute({
  method: 'GET',
  path: `${at}/{id}/items`,
  access: 'public',
  summary: 'The places of a playlist in their order, or those that are asked for',
  query: z.strictObject({
    ...KeyQuery.shape,
    /** Up to 100 ids of places with commas between; those that are gone are left out. */
    ids: z
      .string()
      .max(3700)
      .refine(
        (text) => ids.max(100).safeParse(text.split(',')).success,
        'Ids with commas between, at most 100.',
      )
      .optional(),
    after: Id.optional(),
    limit: z.coerce.number().int().min(1).max(100).default(100),
  }),
  result: pageOf(Item),
})
export const addItems = defineRoute({
  method: 'POST',
  path: `${at}/{id}/items`,
  access: 'signed-in',
  summary: 'Add tracks, at the end or before the place numbered `index`',
  body: z.strictObject({
    trackIds: ids,
    index: z.number().int().min(0).optional(),
    /** Leaves out those that are in the playlist already. */
    unlessThere: z.boolean().default(false),
  }),
  result: z.strictObject({ added: z.array(Item), alreadyThere: z.array(Id), version: z.number() }),
})
const Changed = z.strictObject({ version: z.number() })
export const removeItems = defineRoute({
  method: 'POST',
  path: `${at}/{id}/items/remove`,
  access: 'signed-in',
  summary: 'Take tracks out; ids of places that are gone already do no harm',
  body: z.strictObject({ itemIds: ids }),
  result: Changed,
})
export const moveItems = defineRoute({
  method: 'POST',
  path: `${at}/{id}/items/move`,
  access: 'signed-in',
  summary: 'Move tracks, in the order they have, before the place numbered `to` of the rest',
  body: z.strictObject({ itemIds: ids, to: z.number().int().min(0) }),
  result: Changed,
})

/** What the server says to a state vector: what is missing there, what is missing here, and as of when. */
export const Synced = z.strictObject({ update: z.string(), vector: z.string(), version: z.number() })
export type Synced = z.infer<typeof Synced>
export const syncDocument = defineRoute({
  method: 'POST',
  path: `${at}/{id}/sync`,
  access: 'signed-in',
  summary: 'The part of the playlist’s Yjs document that a state vector (base64) lacks',
  body: z.strictObject({ vector: z.string().max(200_000) }),
  result: Synced,
})
export const editDocument = defineRoute({
  method: 'POST',
  path: `${at}/{id}/document`,
  access: 'signed-in',
  summary: 'Apply a Yjs update (version 1, as bytes), as the command `edit` of the channel does',
  takes: ['application/octet-stream'],
  body: Bytes,
  bodyLimit: mostUpdateBytes,
  result: Changed,
})

/**
 * Who looks at a playlist hears of each change. Editors send theirs as Yjs updates (version 1, base64); document.ts
 * says what is in the document. Larger ones go to `editDocument`.
 */
export const liveChannel = defineChannel({
  name: 'playlists.live',
  params: z.strictObject({ id: Id, room: z.string().max(60) }),
  messages: {
    /** `update` is null where it is too large for a message: ask `syncDocument`. */
    edited: z.strictObject({ version: z.number(), update: z.string().nullable() }),
    /** Title, words, cover, rules, who may see it, or whether it is there at all: load it anew. */
    changed: z.strictObject({}),
    /** An editor looks at it; those who are asked say so of themselves. Silence of 45 s means gone. */
    here: z.strictObject({ connectionId: z.string(), person: identity.Person, asks: z.boolean() }),
    left: z.strictObject({ connectionId: z.string() }),
  },
  commands: {
    edit: z.strictObject({ update: z.string().max(60_000) }),
    here: z.strictObject({ asks: z.boolean() }),
  },
})

export const badUpdate = defineProblem({
  name: 'playlists.bad-update',
  status: 422,
  title: 'This change is not one a playlist can have; load the playlist anew.',
})
export const outOfStep = defineProblem({
  name: 'playlists.out-of-step',
  status: 409,
  title: 'Something that came before this change is missing; load the playlist anew.',
})
export const unknownTrack = defineProblem({
  name: 'playlists.unknown-track',
  status: 422,
  title: 'One of these tracks is not there any more.',
})
export const tooManyItems = defineProblem({
  name: 'playlists.too-many-tracks',
  status: 409,
  title: 'A playlist holds at most 10,000 tracks; begin another one for the rest.',
})
export const historyFull = defineProblem({
  name: 'playlists.history-full',
  status: 409,
  title: 'This playlist was changed too many times; duplicate it and go on there.',
})
