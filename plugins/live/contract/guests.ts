import { defineProblem, defineRoute, Id, identity, PageQuery, pageOf, Time, z } from '#contract'
import { ChannelView } from './channels.ts'

const publish = { permission: 'live.publish' }

/**
 * Somebody who may watch a channel, or one planned set of it, whatever its access: by name (`guest`), or whoever was
 * first to bring a code (`code`; `mail`: one that was sent to an address).
 */
export const Guest = z.strictObject({
  id: Id,
  kind: z.enum(['guest', 'code', 'mail']),
  /** Null: everything on the channel. */
  eventId: Id.nullable(),
  /** Null until a code is claimed. */
  person: identity.Person.nullable(),
  email: z.string().nullable(),
  /** Last four signs of the code; the whole of it is shown once, when made. */
  hint: z.string().nullable(),
  createdAt: Time,
  claimedAt: Time.nullable(),
})
export type Guest = z.infer<typeof Guest>

export const listGuests = defineRoute({
  method: 'GET',
  path: '/api/v1/live/channels/{slug}/guests',
  access: publish,
  summary: 'Guest list and ticket codes of a channel, newest first',
  query: PageQuery,
  result: pageOf(Guest),
})
export const addGuest = defineRoute({
  method: 'POST',
  path: '/api/v1/live/channels/{slug}/guests',
  access: publish,
  summary: 'Put an account on the guest list by username, or invite an address by mail',
  body: z.union([
    z.strictObject({ username: z.string().trim().min(1).max(40), eventId: Id.optional() }),
    z.strictObject({ email: z.email().max(254), eventId: Id.optional() }),
  ]),
  result: Guest,
  perMinute: 60,
})
export const removeGuest = defineRoute({
  method: 'DELETE',
  path: '/api/v1/live/guests/{id}',
  access: publish,
  summary: 'Take a right to watch, or an unused code, back',
})
export const createTickets = defineRoute({
  method: 'POST',
  path: '/api/v1/live/channels/{slug}/tickets',
  access: publish,
  summary: 'Make ticket codes, each good for one account; shown only here',
  body: z.strictObject({ count: z.number().int().min(1).max(500), eventId: Id.optional() }),
  result: z.strictObject({ items: z.array(z.strictObject({ id: Id, code: z.string() })) }),
  perMinute: 30,
})
export const claimTicket = defineRoute({
  method: 'POST',
  path: '/api/v1/live/channels/{slug}/claim',
  access: 'signed-in',
  summary: 'Redeem a code: it is the caller’s from then on',
  body: z.strictObject({ code: z.string().trim().min(1).max(40) }),
  result: ChannelView,
  perMinute: 20,
})

export const badCode = defineProblem({
  name: 'live.bad-code',
  status: 422,
  title: 'This code is not good here, or somebody used it already; look at it again.',
})
export const unknownGuest = defineProblem({
  name: 'live.unknown-guest',
  status: 422,
  title: 'There is no account of that name; invite by mail instead.',
})
export const tooManyInvitations = defineProblem({
  name: 'live.too-many-invitations',
  status: 429,
  title: 'Many invitations were mailed today, or several to this address; send the next one tomorrow.',
})
