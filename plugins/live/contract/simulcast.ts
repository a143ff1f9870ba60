import { defineChannel, defineProblem, defineRoute, Id, Slug, Time, z } from '#contract'

const publish = { permission: 'live.publish' }

/** What is wrong with a destination, where the other server did not say it itself. */
export const SimulcastFault = z.enum([
  'unknown-name',
  'not-public',
  'unreachable',
  'no-tls',
  'bad-certificate',
  'no-answer',
  'closed',
  'no-rtmp',
])
export type SimulcastFault = z.infer<typeof SimulcastFault>

/** Where a channel is sent on to, besides its own viewers; the key is known to nobody any more. */
export const Simulcast = z.strictObject({
  id: Id,
  title: z.string(),
  /** `rtmp(s)://host[:port]/app`, without the key. */
  url: z.string(),
  isOn: z.boolean(),
  createdAt: Time,
  /** `off` where the channel is not on air or the destination is switched off. */
  state: z.enum(['off', 'connecting', 'sending', 'waiting', 'refused']),
  /** Why it does not send, in the words of the other server or of the system. */
  reason: z.string().nullable(),
  /** The same for pages to put in their own words; null where the other server's words are all there is. */
  fault: SimulcastFault.nullable(),
  /** Since it sends without a break. */
  since: Time.nullable(),
  droppedFrames: z.number().int(),
})
export type Simulcast = z.infer<typeof Simulcast>
/** How one destination does. */
export const SimulcastState = Simulcast.pick({
  id: true,
  state: true,
  reason: true,
  fault: true,
  since: true,
  droppedFrames: true,
})

const SimulcastUrl = z
  .string()
  .trim()
  .max(300)
  .regex(/^rtmps?:\/\/[^\s/?#@]+\/[^\s?#]*$/i, {
    error: 'Use an address like rtmp://live.twitch.tv/app, without the key.',
  })
const SimulcastKey = z
  .string()
  .trim()
  .min(1, { error: 'Paste the stream key of the other site.' })
  .max(500)
  .regex(/^[\x21-\x7e]+$/, { error: 'A stream key has no spaces or special characters.' })
const SimulcastTitle = z.string().trim().min(1).max(60)

export const listSimulcasts = defineRoute({
  method: 'GET',
  path: '/api/v1/live/channels/{slug}/simulcasts',
  access: publish,
  summary: 'Other servers that a channel is sent on to, and how it goes',
  result: z.strictObject({ items: z.array(Simulcast) }),
})
export const createSimulcast = defineRoute({
  method: 'POST',
  path: '/api/v1/live/channels/{slug}/simulcasts',
  access: publish,
  summary: 'Send a channel on to YouTube, Twitch or any RTMP server as well',
  body: z.strictObject({
    title: SimulcastTitle,
    url: SimulcastUrl,
    key: SimulcastKey,
    isOn: z.boolean().default(true),
  }),
  result: Simulcast,
})
export const updateSimulcast = defineRoute({
  method: 'PATCH',
  path: '/api/v1/live/simulcasts/{id}',
  access: publish,
  summary: 'Switch a destination on or off, or change its address or key; also while live',
  body: z.strictObject({
    title: SimulcastTitle.optional(),
    url: SimulcastUrl.optional(),
    key: SimulcastKey.optional(),
    isOn: z.boolean().optional(),
  }),
  result: Simulcast,
})
export const removeSimulcast = defineRoute({
  method: 'DELETE',
  path: '/api/v1/live/simulcasts/{id}',
  access: publish,
  summary: 'Stop sending to a destination and forget its key',
})

export const tooManySimulcasts = defineProblem({
  name: 'live.too-many-simulcasts',
  status: 409,
  title: 'A channel can be sent to ten other servers; remove one first.',
})

/** For those who may publish to the channel: how sending on goes, whenever it changes. */
export const simulcastRoom = defineChannel({
  name: 'live.simulcasts',
  params: z.strictObject({ slug: Slug }),
  messages: {
    states: z.strictObject({
      items: z.array(SimulcastState),
    }),
  },
})
