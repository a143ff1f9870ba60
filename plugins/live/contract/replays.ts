import { defineJob, defineRoute, Id, PageQuery, pageOf, Slug, Time, z } from '#contract'
import { Access } from './access.ts'
import { Playback } from './playback.ts'

const publish = { permission: 'live.publish' }

/** Why a chapter begins that nobody named: pages say it in the reader's language. `title` is the camera's own name. */
export const ChapterCause = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('interruption') }),
  z.strictObject({ kind: z.literal('camera'), camera: z.number().int(), title: z.string().nullable() }),
])
export type ChapterCause = z.infer<typeof ChapterCause>
/** A place in a recording; `atMs` counts its media from its beginning. */
export const Chapter = z.strictObject({
  atMs: z.number().int(),
  title: z.string(),
  cause: ChapterCause.optional(),
})
export type Chapter = z.infer<typeof Chapter>
const ChapterTitle = z.string().trim().min(1).max(120)
/** As many as a recording may have. */
export const mostChapters = 500

/**
 * Small pictures of a recording, the n-th of what is shown from `n * everyMs` on. They lie row by row in JPEG sheets
 * of so many columns and rows; only the last sheet may have fewer. `width` and `height` are a picture's, in pixels.
 */
export const Storyboard = z.strictObject({
  /** Signed addresses. */
  sheets: z.array(z.string()),
  everyMs: z.number().int(),
  count: z.number().int(),
  columns: z.number().int(),
  rows: z.number().int(),
  width: z.number().int(),
  height: z.number().int(),
})
export type Storyboard = z.infer<typeof Storyboard>

/** From this position on, dates run with the positions, up to the next point: interruptions lie between. */
export const ClockPoint = z.strictObject({ atMs: z.number().int(), date: Time })
export type ClockPoint = z.infer<typeof ClockPoint>

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
  /** Who may watch is said of the recording itself: of the planned set that it is, or afterwards. */
  hasOwnAccess: z.boolean(),
  isLocked: z.boolean(),
  /** Null until it is made, some time after the end; for sound alone, for seconds, and for who may not watch. */
  storyboard: Storyboard.nullable(),
  /** By their beginning; from song titles, by hand, and where neither is near from interruptions and camera changes. */
  chapters: z.array(Chapter),
  /** When what is seen at a position was received; what else has dates, as chat, is placed by it. */
  clock: z.array(ClockPoint),
  /** What is left of `wholeMs`, in positions of the whole; null where nothing was cut off. */
  trim: z
    .strictObject({ startMs: z.number().int(), endMs: z.number().int(), wholeMs: z.number().int() })
    .nullable(),
  /** Where the chat of that time is read, `GET` with `from` and `until` (dates by `clock`); null where there is none. */
  chat: z.string().nullable(),
  /** One MP4 of it all; null where the label does not offer it or the caller may not watch. */
  download: z.string().nullable(),
  /** Members who may watch may make clips. */
  hasClips: z.boolean(),
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
  summary: 'Rename a recording, or say what of it is shown and to whom',
  /**
   * Positions of the whole recording; nothing is deleted, and null shows everything again. Cuts are made at key
   * frames, outside of what was asked for: the answer tells where.
   */
  body: z.strictObject({
    title: z.string().trim().min(1).max(120).optional(),
    trimStartMs: z.number().int().min(0).nullable().optional(),
    trimEndMs: z.number().int().min(0).nullable().optional(),
    /** With all cameras of its show, once that is over; null: as the channel says. */
    access: Access.nullable().optional(),
  }),
  result: Replay,
})
export const removeReplay = defineRoute({
  method: 'DELETE',
  path: '/api/v1/live/replays/{id}',
  access: publish,
  summary: 'Delete a recording and free its disk space',
})
/** Afterwards the chapters are these, and song titles make no more of them. */
export const setChapters = defineRoute({
  method: 'PUT',
  path: '/api/v1/live/replays/{id}/chapters',
  access: publish,
  summary: 'Say which chapters a recording has',
  body: z.strictObject({
    chapters: z
      .array(
        z.strictObject({
          atMs: z.number().int().min(0),
          title: ChapterTitle,
          /** A list may be sent back as it was read; a chapter that is set has no cause any more. */
          cause: ChapterCause.optional(),
        }),
      )
      .max(mostChapters),
  }),
  result: Replay,
})
export const markChapter = defineRoute({
  method: 'POST',
  path: '/api/v1/live/channels/{slug}/chapters',
  access: publish,
  summary: 'Begin a chapter of what is on air now',
  body: z.strictObject({ title: ChapterTitle }),
  result: z.strictObject({ at: Time, title: z.string() }),
})
/** One MP4 of all that is shown, made while it is sent; ranges are answered. */
export const downloadReplay = defineRoute({
  method: 'GET',
  path: '/api/v1/live/replays/{id}/download',
  access: 'public',
  summary: 'A recording as an MP4 file',
  isRaw: true,
  perMinute: 300,
})

/** Removes the oldest recordings where they take more room than the label gives them. */
export const keepQuota = defineJob({ name: 'live.keep-quota', payload: z.strictObject({}), concurrency: 1 })
