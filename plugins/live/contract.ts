import {
  defineChannel,
  defineContract,
  defineEvent,
  defineJob,
  defineProblem,
  defineRoute,
  defineSlot,
  Id,
  PageQuery,
  pageOf,
  Slug,
  Time,
  z,
} from '#contract'

/** Where a player starts: a signed multivariant playlist. */
export const Playback = z.strictObject({ hls: z.string(), hasVideo: z.boolean(), hasAudio: z.boolean() })
export type Playback = z.infer<typeof Playback>

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
  playback: Playback.nullable(),
  can: z.strictObject({ edit: z.boolean(), publish: z.boolean() }),
})
export type ChannelView = z.infer<typeof ChannelView>

export const Replay = z.strictObject({
  id: Id,
  channel: z.strictObject({ slug: Slug, title: z.string() }),
  title: z.string(),
  startedAt: Time,
  durationMs: z.number().int(),
  sizeBytes: z.number().int(),
  poster: z.string().nullable(),
  playback: Playback,
  can: z.strictObject({ edit: z.boolean(), remove: z.boolean() }),
})
export type Replay = z.infer<typeof Replay>

export const StreamKey = z.strictObject({
  id: Id,
  channel: Slug,
  /** First 4 characters; the whole key is shown once, when made. */
  hint: z.string(),
  createdAt: Time,
  lastUsedAt: Time.nullable(),
  revokedAt: Time.nullable(),
})
export type StreamKey = z.infer<typeof StreamKey>
export const NewStreamKey = z.strictObject({ id: Id, channel: Slug, url: z.string(), key: z.string() })
export type NewStreamKey = z.infer<typeof NewStreamKey>

/** Measured at the ingest, for the DJ. `words` are whole sentences in the caller's language, worst first. */
export const Health = z.strictObject({
  streamId: Id,
  status: z.enum(['waiting', 'live', 'interrupted']),
  startedAt: Time.nullable(),
  viewers: z.number().int(),
  bitrateKbps: z.number(),
  fps: z.number(),
  width: z.number(),
  height: z.number(),
  videoCodec: z.string().nullable(),
  audioCodec: z.string().nullable(),
  keyFrameIntervalMs: z.number(),
  droppedFrames: z.number(),
  lagMs: z.number(),
  /** Peak of the last seconds in dBFS; null until measured. */
  audioPeakDb: z.number().nullable(),
  encoder: z.string(),
  notes: z.array(
    z.strictObject({
      level: z.enum(['ok', 'warn', 'bad']),
      code: z.string(),
      values: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  ),
})
export type Health = z.infer<typeof Health>

const ChannelInput = z.strictObject({
  slug: Slug,
  title: z.string().trim().min(1).max(120),
  description: z.string().trim().max(2000).default(''),
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
  summary: 'Change title or description; also while live',
  body: z.strictObject({
    title: z.string().trim().min(1).max(120).optional(),
    description: z.string().trim().max(2000).optional(),
  }),
  result: ChannelView,
})
export const myChannels = defineRoute({
  method: 'GET',
  path: '/api/v1/live/mine',
  access: publish,
  summary: 'The channels I may publish to',
  result: z.strictObject({
    items: z.array(ChannelView),
    ingest: z.strictObject({ rtmp: z.string(), rtmps: z.string().nullable() }),
  }),
})
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
export const listKeys = defineRoute({
  method: 'GET',
  path: '/api/v1/live/channels/{slug}/keys',
  access: publish,
  summary: 'Stream keys of a channel, without the keys',
  result: z.strictObject({ items: z.array(StreamKey) }),
})
export const createKey = defineRoute({
  method: 'POST',
  path: '/api/v1/live/channels/{slug}/keys',
  access: publish,
  summary: 'Make a stream key; shown only here',
  result: NewStreamKey,
})
export const revokeKey = defineRoute({
  method: 'DELETE',
  path: '/api/v1/live/keys/{id}',
  access: publish,
  summary: 'Revoke a stream key; a stream using it ends',
})
export const getHealth = defineRoute({
  method: 'GET',
  path: '/api/v1/live/channels/{slug}/health',
  access: publish,
  summary: 'What the ingest measures, for the DJ',
  result: Health.nullable(),
})
export const endStream = defineRoute({
  method: 'POST',
  path: '/api/v1/live/channels/{slug}/end',
  access: publish,
  summary: 'End the stream now and disconnect its publisher',
})

export const streamStarted = defineEvent({
  name: 'live.stream-started',
  payload: z.strictObject({ streamId: Id, channelId: Id }),
})
export const streamEnded = defineEvent({
  name: 'live.stream-ended',
  payload: z.strictObject({ streamId: Id, channelId: Id }),
})
export const finishRecording = defineJob({
  name: 'live.finish-recording',
  payload: z.strictObject({ streamId: Id }),
})
export const makePoster = defineJob({
  name: 'live.make-poster',
  payload: z.strictObject({ streamId: Id }),
  attempts: 2,
  concurrency: 1,
})
export const removeRecording = defineJob({
  name: 'live.remove-recording',
  payload: z.strictObject({ streamId: Id }),
})

/** What everybody at a channel's page hears. */
export const channelRoom = defineChannel({
  name: 'live.channel',
  params: z.strictObject({ slug: Slug }),
  messages: {
    /** The channel as `getChannel` answers it for a visitor. */
    changed: ChannelView,
    viewers: z.strictObject({ viewers: z.number().int() }),
    replay: Replay,
  },
})
/** Everything live on the site, for the landing page and the navigation. */
export const liveNow = defineChannel({
  name: 'live.now',
  params: z.strictObject({}),
  messages: { changed: z.strictObject({ slug: Slug, status: z.enum(['live', 'offline']) }) },
})
/** For those who may publish to the channel: health every two seconds. */
export const healthRoom = defineChannel({
  name: 'live.health',
  params: z.strictObject({ slug: Slug }),
  messages: { health: Health },
})

export const badKey = defineProblem({
  name: 'live.bad-key',
  status: 403,
  title: 'This stream key is not known here.',
})
export const alreadyLive = defineProblem({
  name: 'live.already-live',
  status: 409,
  title: 'Somebody is already on air with this key.',
})
export const slugTaken = defineProblem({
  name: 'live.slug-taken',
  status: 409,
  title: 'Another channel has this address.',
})
export const notLive = defineProblem({
  name: 'live.not-live',
  status: 409,
  title: 'The channel is not live.',
})

/** Beside the player of a channel's page: chat fills it. */
export const besideStream = defineSlot<{ channelId: string; slug: string; streamId: string | null }>(
  'live.beside-stream',
)

export interface LiveApi {
  /** Channels by id, for other plugins' pages. */
  channelsByIds(ids: string[]): Promise<Map<string, { id: string; slug: string; title: string }>>
  channelBySlug(slug: string): Promise<{ id: string; slug: string; title: string } | null>
  /** May this account act as host of the channel (chat moderation, director)? */
  isHost(accountId: string, channelId: string): Promise<boolean>
}
export const live = defineContract<LiveApi>('live')
