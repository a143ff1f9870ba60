import { defineJob, defineProblem, defineRoute, Id, PageQuery, pageOf, Slug, Time, z } from '#contract'
import { Access } from './access.ts'

/** As long as a clip may be. */
export const longestClipMs = 60_000
export const shortestClipMs = 1_000
/** How far back from where they are pages offer viewers to begin. */
export const clipReachMs = 120_000
/** How far back clips may begin while the stream runs, in milliseconds; of a recording they are of any part. */
export const liveClipReachMs = 600_000

const ClipTitle = z.string().trim().min(1).max(120)

/** A short piece of a stream in a file of its own: it stays when the recording goes. */
export const Clip = z.strictObject({
  id: Id,
  channel: z.strictObject({ slug: Slug, title: z.string() }),
  streamId: Id,
  title: z.string(),
  /** `making` takes seconds. */
  status: z.enum(['making', 'ready', 'failed']),
  /** Who made it; null for somebody who is gone. */
  maker: z.strictObject({ id: Id, username: z.string(), displayName: z.string() }).nullable(),
  /** The moment it shows first. */
  from: Time,
  createdAt: Time,
  durationMs: z.number().int(),
  hasVideo: z.boolean(),
  poster: z.string().nullable(),
  /** An MP4 file; null until it is ready, and for who may not watch. */
  video: z.string().nullable(),
  access: Access,
  isLocked: z.boolean(),
  can: z.strictObject({ edit: z.boolean() }),
})
export type Clip = z.infer<typeof Clip>

/**
 * `from` and `until` are dates of the stream's own clock (EXT-X-PROGRAM-DATE-TIME, a replay's `clock`), so that each
 * viewer's own delay does not matter; at most a minute apart.
 */
export const createClip = defineRoute({
  method: 'POST',
  path: '/api/v1/live/channels/{slug}/clips',
  access: 'signed-in',
  summary: 'Make a clip of what is on air or of a recording',
  body: z.strictObject({ title: ClipTitle, streamId: Id, from: Time, until: Time }),
  result: Clip,
  perMinute: 20,
})
export const listClips = defineRoute({
  method: 'GET',
  path: '/api/v1/live/channels/{slug}/clips',
  access: 'public',
  summary: 'Clips of a channel, or of one of its recordings, newest first',
  query: PageQuery.extend({ streamId: Id.optional() }),
  result: pageOf(Clip),
})
export const getClip = defineRoute({
  method: 'GET',
  path: '/api/v1/live/clips/{id}',
  access: 'public',
  summary: 'One clip',
  result: Clip,
})
export const updateClip = defineRoute({
  method: 'PATCH',
  path: '/api/v1/live/clips/{id}',
  access: 'signed-in',
  summary: 'Rename a clip: its maker, or who sees to the channel',
  body: z.strictObject({ title: ClipTitle }),
  result: Clip,
})
export const removeClip = defineRoute({
  method: 'DELETE',
  path: '/api/v1/live/clips/{id}',
  access: 'signed-in',
  summary: 'Delete a clip: its maker, or who sees to the channel',
})

export const makeClip = defineJob({
  name: 'live.make-clip',
  payload: z.strictObject({ clipId: Id }),
  attempts: 3,
  concurrency: 2,
})

export const noClips = defineProblem({
  name: 'live.no-clips',
  status: 403,
  title: 'Clips are switched off here.',
})
export const badClip = defineProblem({
  name: 'live.bad-clip',
  status: 422,
  title: 'A clip is 1 to 60 seconds of what can be watched; choose its beginning and end again.',
})
export const tooManyClips = defineProblem({
  name: 'live.too-many-clips',
  status: 429,
  title: 'You made many clips today; make the next one tomorrow.',
})
