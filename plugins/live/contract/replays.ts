import { defineRoute, Id, PageQuery, pageOf, Slug, Time, z } from '#contract'
import { Access } from './access.ts'
import { Playback } from './playback.ts'

const publish = { permission: 'live.publish' }

export const Chapter = z.strictObject({ atMs: z.number().int(), title: z.string() })
export type Chapter = z.infer<typeof Chapter>

export const Replay = z.strictObject({
  id: Id,
  channel: z.strictObject({ slug: Slug, title: z.string() }),
  title: z.string(),
  startedAt: Time,
  durationMs: z.number().int(),
  sizeBytes: z.number().int(),
  poster: z.string().nullable(),
  /** Null for who may not watch. */
  playback: Playback.nullable(),
  access: Access,
  isLocked: z.boolean(),
  /** By their beginning; from song titles, angle changes and by hand. */
  chapters: z.array(Chapter),
  /** Where the chat of that time is read, `GET` with `fromMs` and `untilMs`; null where there is none. */
  chat: z.string().nullable(),
  /** One MP4 of it all; null where the label does not offer it or the caller may not watch. */
  download: z.string().nullable(),
  can: z.strictObject({ edit: z.boolean(), remove: z.boolean() }),
})
export type Replay = z.infer<typeof Replay>

export const listReplays = defineRoute({
  method: 'GET',
  path: '/api/v1/live/channels/{slug}/replays',
  access: 'public',
  summary: 'Recordings of a channel, newest first',
  query: PageQuery,
  result: pageOf(Replay),
})
export const recentReplays = defineRoute({
  method: 'GET',
  path: '/api/v1/live/replays',
  access: 'public',
  summary: 'Recordings of all channels, newest first',
  query: PageQuery,
  result: pageOf(Replay),
})
export const getReplay = defineRoute({
  method: 'GET',
  path: '/api/v1/live/replays/{id}',
  access: 'public',
  summary: 'One recording',
  result: Replay,
})
export const updateReplay = defineRoute({
  method: 'PATCH',
  path: '/api/v1/live/replays/{id}',
  access: publish,
  summary: 'Rename a recording',
  body: z.strictObject({ title: z.string().trim().min(1).max(120) }),
  result: Replay,
})
export const removeReplay = defineRoute({
  method: 'DELETE',
  path: '/api/v1/live/replays/{id}',
  access: publish,
  summary: 'Delete a recording and free its disk space',
})
