import { defineChannel, defineEvent, defineJob, Id, Slug, z } from '#contract'
import { ChannelView } from './channels.ts'
import { Health } from './health.ts'
import { Replay } from './replays.ts'
import { PlayedTitle } from './titles.ts'

/** Told once a show, however many cameras it has: `streamId` is the one that began it, here and at its end. */
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
/** Of the moment, while the stream runs; of the whole once it has ended, which is its last. */
export const makePoster = defineJob({
  name: 'live.make-poster',
  payload: z.strictObject({ streamId: Id, isOfWhole: z.boolean().optional() }),
  attempts: 2,
  concurrency: 1,
})
/** Small pictures of a recording that is over, or was cut anew. Nobody waits for them. */
export const makeStoryboard = defineJob({
  name: 'live.make-storyboard',
  payload: z.strictObject({ streamId: Id }),
  attempts: 3,
  concurrency: 1,
  priority: -5,
})
/** Small pictures of what viewers of a running stream may go back to; asked for again as long as somebody points there. */
export const makeStills = defineJob({
  name: 'live.make-stills',
  payload: z.strictObject({ streamId: Id }),
  attempts: 1,
  concurrency: 1,
  priority: -5,
})
export const thinFigures = defineJob({ name: 'live.thin-figures', payload: z.strictObject({}) })
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
    /** What is played from here on, as its publisher names it. */
    title: PlayedTitle.extend({ streamId: Id }),
    /** The same of a stream that is not everybody's: who may hear it asks for `listTitles`. */
    titles: z.strictObject({ streamId: Id }),
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
