import { defineChannel, defineEvent, defineJob, Id, Slug, z } from '#contract'
import { ChannelView } from './channels.ts'
import { Health } from './health.ts'
import { Replay } from './replays.ts'

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
