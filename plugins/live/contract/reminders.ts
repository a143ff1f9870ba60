import { defineRoute, Id, Slug, z } from '#contract'

const path = '/api/v1/live/channels/{slug}/reminders'
/** With `eventId` a mail shortly before that set; without, one whenever the channel goes on air, and I follow it. */
const Which = z.strictObject({ eventId: Id.optional() })
const result = z.strictObject({ isReminded: z.boolean() })

export const remindMe = defineRoute({
  method: 'POST',
  path,
  access: 'signed-in',
  summary: 'Mail me before a planned set, or whenever the channel goes on air',
  body: Which.default({}),
  result,
})
export const forgetReminder = defineRoute({
  method: 'DELETE',
  path,
  access: 'signed-in',
  summary: 'No such mail any more',
  query: Which,
  result,
})
/** As mails link to it: good without signing in, for the one channel and account that the token names. */
export const stopMails = defineRoute({
  method: 'POST',
  path: '/api/v1/live/reminders/stop',
  access: 'public',
  summary: 'Stop the mails of a channel by the link in one of them',
  body: z.strictObject({ token: z.string().max(200) }),
  result: z.strictObject({ channel: z.strictObject({ slug: Slug, title: z.string() }) }),
  perMinute: 60,
})
