import { Bytes, defineRoute, Id, PageQuery, PictureCrop, pageOf, Slug, Time, z } from '#contract'
import { Access } from './access.ts'
import { Playback } from './playback.ts'

/** Pictures of 480 by 270 and 1280 by 720 pixels. */
export const Cover = z.strictObject({ small: z.string(), large: z.string() })
export type Cover = z.infer<typeof Cover>

export const ChannelView = z.strictObject({
  id: Id,
  slug: Slug,
  title: z.string(),
  description: z.string(),
  status: z.enum(['live', 'offline']),
  /** True while the publisher is away and may come back within the grace time. */
  isInterrupted: z.boolean(),
  viewers: z.number().int(),
  startedAt: Time.nullable(),
  streamId: Id.nullable(),
  poster: z.string().nullable(),
  /** What is shown while there is no picture of a stream. */
  cover: Cover.nullable(),
  /** Null off air, and for who may not watch. */
  playback: Playback.nullable(),
  /** Who may watch what is on air, or next would. */
  access: Access,
  /** The caller may not watch, though others can; the page says what is missing by `access`. */
  isLocked: z.boolean(),
  /** How much of a stream that does not end is kept, in seconds; null: everything, as its recording. */
  keepS: z.number().int().nullable(),
  /** Members who may watch may make clips. */
  hasClips: z.boolean(),
  can: z.strictObject({ edit: z.boolean(), publish: z.boolean() }),
})
export type ChannelView = z.infer<typeof ChannelView>

/** Where encoders publish to; null for what this server does not take. */
export const IngestAddress = z.strictObject({
  rtmp: z.string(),
  rtmps: z.string().nullable(),
  /** For Icecast sources: user `source`, the stream key as password, the channel's slug as mount. */
  icecast: z.strictObject({ host: z.string(), port: z.number().int() }).nullable(),
})
export type IngestAddress = z.infer<typeof IngestAddress>

const ChannelInput = z.strictObject({
  slug: Slug,
  title: z.string().trim().min(1).max(120),
  description: z.string().trim().max(2000).default(''),
  /** Who may watch, from the first moment; everybody unless said. */
  access: Access.optional(),
})
const publish = { permission: 'live.publish' }

export const listChannels = defineRoute({
  method: 'GET',
  path: '/api/v1/live/channels',
  access: 'public',
  summary: 'Channels, live ones first',
  query: PageQuery,
  result: pageOf(ChannelView),
})
export const getChannel = defineRoute({
  method: 'GET',
  path: '/api/v1/live/channels/{slug}',
  access: 'public',
  summary: 'A channel and, while live, its playback address',
  result: ChannelView,
})
export const createChannel = defineRoute({
  method: 'POST',
  path: '/api/v1/live/channels',
  access: publish,
  summary: 'Make a channel',
  body: ChannelInput,
  result: ChannelView,
})
export const updateChannel = defineRoute({
  method: 'PATCH',
  path: '/api/v1/live/channels/{slug}',
  access: publish,
  summary: 'Change title, description or who may watch; also while live',
  body: z.strictObject({
    title: z.string().trim().min(1).max(120).optional(),
    description: z.string().trim().max(2000).optional(),
    access: Access.optional(),
    /** From the next publisher on. */
    keepS: z
      .number()
      .int()
      .min(600)
      .max(31 * 86_400)
      .nullable()
      .optional(),
  }),
  result: ChannelView,
})
export const setChannelCover = defineRoute({
  method: 'PUT',
  path: '/api/v1/live/channels/{slug}/cover',
  access: publish,
  summary: 'Set the picture of a channel: JPEG, PNG, WebP or AVIF up to 10 MiB, cut as the query says',
  query: PictureCrop,
  takes: ['image/*'],
  body: Bytes,
  bodyLimit: 10 * 1024 * 1024,
  perMinute: 30,
  result: ChannelView,
})
export const removeChannelCover = defineRoute({
  method: 'DELETE',
  path: '/api/v1/live/channels/{slug}/cover',
  access: publish,
  summary: 'Take the picture of a channel away',
  result: ChannelView,
})
export const myChannels = defineRoute({
  method: 'GET',
  path: '/api/v1/live/mine',
  access: publish,
  summary: 'The channels I may publish to',
  result: z.strictObject({
    items: z.array(ChannelView),
    ingest: IngestAddress,
  }),
})
