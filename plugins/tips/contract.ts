import {
  AmountMinor,
  Currency,
  defineChannel,
  defineProblem,
  defineRoute,
  Id,
  PageQuery,
  Slug,
  Time,
  z,
} from '#contract'

const publish = { permission: 'live.publish' }

/** What a superchat gives from an amount on. */
export const Tier = z.strictObject({
  /** In minor units of the site's currency. */
  fromMinor: AmountMinor,
  /** How long it stays above the others. */
  pinS: z.number().int().min(0).max(86_400),
  /** Characters of its text. */
  maxLength: z.number().int().min(1).max(1000),
})
export type Tier = z.infer<typeof Tier>

/** Something given on a channel. To others than the channel's hosts and the giver without what is not theirs. */
export const Tip = z.strictObject({
  id: Id,
  /** Null where the giver wants no name shown, or is gone. */
  from: z.strictObject({ id: Id, username: z.string(), displayName: z.string() }).nullable(),
  /** Less what of it was paid back in part. Null where the label does not show amounts. */
  amountMinor: AmountMinor.nullable(),
  currency: Currency,
  /** Null where there is none, it is not shown, or stands in the chat as a superchat; hosts see it in any case. */
  message: z.string().nullable(),
  isSuperchat: z.boolean(),
  status: z.enum(['pending', 'paid', 'failed', 'expired', 'refunded']),
  streamId: Id.nullable(),
  createdAt: Time,
  paidAt: Time.nullable(),
  can: z.strictObject({ refund: z.boolean(), hideMessage: z.boolean() }),
})
export type Tip = z.infer<typeof Tip>

export const Goal = z.strictObject({
  title: z.string(),
  amountMinor: AmountMinor,
  currency: Currency,
  /** What came in since the goal was set, and until it ended; refunds taken off. */
  reachedMinor: z.number().int(),
  since: Time,
  until: Time.nullable(),
})
export type Goal = z.infer<typeof Goal>

const Sum = z.strictObject({ amountMinor: z.number().int(), count: z.number().int() })
export const TipTerms = z.strictObject({
  /** False where nothing can be paid; the way to tip is not shown then. */
  isOpen: z.boolean(),
  isTest: z.boolean(),
  currency: Currency,
  minAmountMinor: AmountMinor,
  maxAmountMinor: AmountMinor,
  presetsMinor: z.array(AmountMinor),
  /** Characters of a message that is no superchat. */
  messageLength: z.number().int(),
  /** By amount. */
  tiers: z.array(Tier),
  /** Whether the caller may write a superchat now, and why not. */
  superchat: z.enum(['open', 'off-air', 'no-chat', 'banned', 'closed']),
})
export type TipTerms = z.infer<typeof TipTerms>

/** A tip and where it is paid; null once that is settled. */
export const TipToPay = z.strictObject({
  tip: Tip,
  checkout: z.strictObject({ url: z.string() }).nullable(),
})
export type TipToPay = z.infer<typeof TipToPay>

export const TipList = z.strictObject({
  /** Newest first: what was paid, and for hosts what was paid back, too; empty for who may not watch. */
  items: z.array(Tip),
  next: Id.nullable(),
  goal: Goal.nullable(),
  /** In the site's currency; for hosts. `stream` is what is on air now. */
  totals: z.strictObject({ stream: Sum.nullable(), all: Sum }).nullable(),
  terms: TipTerms,
  /** Hosts manage; whoever keeps order in the chat may hide messages. */
  can: z.strictObject({ manage: z.boolean(), moderate: z.boolean() }),
})
export type TipList = z.infer<typeof TipList>

/**
 * Takes an `Idempotency-Key`; the same again answers the first. A tip may come at any time, a superchat only while the
 * channel is on air. It counts once its payment is made.
 */
export const giveTip = defineRoute({
  method: 'POST',
  path: '/api/v1/live/channels/{slug}/tips',
  access: 'signed-in',
  summary: 'Begin a tip; answers where it is paid',
  body: z.strictObject({
    amountMinor: AmountMinor,
    currency: Currency.optional(),
    message: z.string().trim().max(1000, { error: 'Use at most 1,000 characters.' }).default(''),
    isSuperchat: z.boolean().default(false),
    showName: z.boolean().default(true),
  }),
  result: TipToPay,
  perMinute: 30,
})
export const listTips = defineRoute({
  method: 'GET',
  path: '/api/v1/live/channels/{slug}/tips',
  access: 'public',
  summary: 'Tips of a channel, its goal, and what a tip may be',
  query: PageQuery,
  result: TipList,
})
export const getTip = defineRoute({
  method: 'GET',
  path: '/api/v1/tips/{id}',
  access: 'signed-in',
  summary: 'A tip of one’s own, and where it is paid',
  result: TipToPay,
})
export const refundTip = defineRoute({
  method: 'POST',
  path: '/api/v1/tips/{id}/refund',
  access: publish,
  summary: 'Pay a tip back; a superchat is pinned no more',
  result: Tip,
})
export const hideTipMessage = defineRoute({
  method: 'DELETE',
  path: '/api/v1/tips/{id}/message',
  access: 'signed-in',
  summary: 'Show the message of a tip no more (host or moderator); the tip counts all the same',
})
/** What is given from then on counts; a change of title, amount or end does not begin anew. */
export const setGoal = defineRoute({
  method: 'PUT',
  path: '/api/v1/tips/goals/{slug}',
  access: publish,
  summary: 'Set the goal of a channel',
  body: z.strictObject({
    title: z.string().trim().min(1, { error: 'Say what it is for.' }).max(80),
    amountMinor: AmountMinor,
    until: Time.nullable().default(null),
  }),
  result: Goal,
})
export const removeGoal = defineRoute({
  method: 'DELETE',
  path: '/api/v1/tips/goals/{slug}',
  access: publish,
  summary: 'Take the goal of a channel away',
})

/** What everybody at a channel's page hears of tips, as visitors see them. */
export const tipsRoom = defineChannel({
  name: 'tips.channel',
  params: z.strictObject({ slug: Slug }),
  messages: {
    paid: Tip,
    /** Its message is shown no more. */
    changed: Tip,
    refunded: z.strictObject({ id: Id }),
    goal: Goal.nullable(),
  },
})

export const offAir = defineProblem({
  name: 'tips.off-air',
  status: 409,
  title: 'A superchat needs a stream on air; a tip can be given at any time.',
})
export const noChat = defineProblem({
  name: 'tips.no-chat',
  status: 409,
  title: 'There is no chat here that could show a superchat.',
})
