import {
  Bytes,
  defineJob,
  defineProblem,
  defineRoute,
  Id,
  PageQuery,
  PictureCrop,
  pageOf,
  Slug,
  Time,
  z,
} from '#contract'
import { Access } from './access.ts'
import { Cover } from './channels.ts'

const publish = { permission: 'live.publish' }

/** A set that is announced before it is played. */
export const PlannedSet = z.strictObject({
  id: Id,
  channel: z.strictObject({ slug: Slug, title: z.string() }),
  title: z.string(),
  description: z.string(),
  startsAt: Time,
  endsAt: Time.nullable(),
  /** The server's clock at this answer, for countdowns. */
  now: Time,
  /** IANA name of the zone it was planned in, to show beside the reader's own; null where none was given. */
  timeZone: z.string().nullable(),
  cover: Cover.nullable(),
  /** Who may watch it. */
  access: Access,
  /** It is not as the channel says. */
  hasOwnAccess: z.boolean(),
  isLocked: z.boolean(),
  /** `over` is also what nobody came to play. */
  status: z.enum(['planned', 'live', 'over', 'cancelled']),
  /** The stream that it became; its recording has the same id. */
  streamId: Id.nullable(),
  /** The caller gets a mail before it begins. */
  isReminded: z.boolean(),
  /** Path of a calendar file (RFC 5545). */
  calendar: z.string(),
  can: z.strictObject({ edit: z.boolean() }),
})
export type PlannedSet = z.infer<typeof PlannedSet>

const isZone = (zone: string) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
const title = z.string().trim().min(1, { error: 'Write a title.' }).max(120)
const description = z.string().trim().max(4000)
const timeZone = z.string().max(64).refine(isZone, { error: 'Use the name of a time zone, as Europe/Paris.' })

const path = '/api/v1/live/channels/{slug}/events'
const one = '/api/v1/live/events/{id}'

export const upcomingSets = defineRoute({
  method: 'GET',
  path: '/api/v1/live/events',
  access: 'public',
  summary: 'Planned sets of all channels, soonest first',
  query: PageQuery,
  result: pageOf(PlannedSet),
})
export const listSets = defineRoute({
  method: 'GET',
  path,
  access: 'public',
  summary: 'Planned sets of a channel, soonest first',
  query: PageQuery,
  result: pageOf(PlannedSet),
})
export const getSet = defineRoute({
  method: 'GET',
  path: one,
  access: 'public',
  summary: 'One planned set',
  result: PlannedSet,
})
export const planSet = defineRoute({
  method: 'POST',
  path,
  access: publish,
  summary: 'Plan a set',
  body: z.strictObject({
    title,
    description: description.default(''),
    startsAt: Time,
    endsAt: Time.nullable().default(null),
    timeZone: timeZone.nullable().default(null),
    access: Access.nullable().default(null),
  }),
  result: PlannedSet,
})
export const changeSet = defineRoute({
  method: 'PATCH',
  path: one,
  access: publish,
  summary: 'Change or move a planned set; reminders move with it',
  body: z.strictObject({
    title: title.optional(),
    description: description.optional(),
    startsAt: Time.optional(),
    endsAt: Time.nullable().optional(),
    timeZone: timeZone.nullable().optional(),
    access: Access.nullable().optional(),
  }),
  result: PlannedSet,
})
export const cancelSet = defineRoute({
  method: 'POST',
  path: '/api/v1/live/events/{id}/cancel',
  access: publish,
  summary: 'Cancel a planned set; who wanted a reminder is told by mail',
  result: PlannedSet,
})
export const removeSet = defineRoute({
  method: 'DELETE',
  path: one,
  access: publish,
  summary: 'Delete a set that is cancelled or over, or that nobody waits for',
})
export const setSetCover = defineRoute({
  method: 'PUT',
  path: '/api/v1/live/events/{id}/cover',
  access: publish,
  summary: 'Set the picture of a planned set: JPEG, PNG, WebP or AVIF up to 10 MiB, cut as the query says',
  query: PictureCrop,
  takes: ['image/*'],
  body: Bytes,
  bodyLimit: 10 * 1024 * 1024,
  perMinute: 30,
  result: PlannedSet,
})
export const removeSetCover = defineRoute({
  method: 'DELETE',
  path: '/api/v1/live/events/{id}/cover',
  access: publish,
  summary: 'Take the picture of a planned set away',
  result: PlannedSet,
})

export const setsCalendar = defineRoute({
  method: 'GET',
  path: '/live/calendar.ics',
  access: 'public',
  summary: 'All planned sets as a calendar to follow',
  result: z.string(),
  type: 'text/calendar; charset=utf-8',
})
export const setCalendar = defineRoute({
  method: 'GET',
  path: '/live/{slug}/events/{id}.ics',
  access: 'public',
  summary: 'One planned set as a calendar file',
  result: z.string(),
  type: 'text/calendar; charset=utf-8',
})

export const badTimes = defineProblem({
  name: 'live.bad-times',
  status: 422,
  title: 'A set ends after it begins, and within two days.',
})
export const setIsOver = defineProblem({
  name: 'live.set-is-over',
  status: 409,
  title: 'This set is over or cancelled; plan a new one.',
})

const Payload = z.strictObject({ eventId: Id })
/** `startsAt` is when it was to begin: a set that was moved has a job of its own. */
export const remindOfSet = defineJob({
  name: 'live.remind-of-set',
  payload: z.strictObject({ eventId: Id, startsAt: Time }),
  concurrency: 1,
})
export const tellCancelled = defineJob({ name: 'live.tell-cancelled', payload: Payload, concurrency: 1 })
export const tellFollowers = defineJob({
  name: 'live.tell-followers',
  payload: z.strictObject({ channelId: Id, streamId: Id }),
  concurrency: 1,
})
