import { defineRoute, Id, PageQuery, pageOf, Time, z } from '#contract'

const publish = { permission: 'live.publish' }
const Counts = z.array(z.number().int())

/** How many had something, the most common first. */
const Shares = z.array(z.strictObject({ name: z.string(), count: z.number().int() }))

/**
 * The audience of one show. Arrays have one value a step of `stepS` seconds from `fromAt` on; a show of several
 * cameras counts each viewer once.
 */
export const ShowStats = z.strictObject({
  streamId: Id,
  title: z.string(),
  startedAt: Time,
  endedAt: Time.nullable(),
  fromAt: Time,
  stepS: z.number().int(),
  /** At once; the most within a step. */
  viewers: Counts,
  joins: Counts,
  leaves: Counts,
  /** Between the moment and its being seen, over the viewers of that step: the middle one and the 95th of a hundred. */
  delayMs: z.array(z.number().int().nullable()),
  delayP95Ms: z.array(z.number().int().nullable()),
  people: z.number().int(),
  peak: z.number().int(),
  watchS: z.number().int(),
  /** Share of those who came that was still there after 1, 2, … minutes, of those who could be; 0 to 1. */
  retention: z.array(z.number()),
  devices: Shares,
  browsers: Shares,
  /** Empty where the label gave no file of countries. */
  countries: Shares,
  /** What other plugins know of the same time, as messages of the chat: one value a step. */
  figures: z.array(z.strictObject({ name: z.string(), values: z.array(z.number()) })),
  /** How many watched each ten seconds of the recording. */
  replay: z.strictObject({ people: z.number().int(), bucketS: z.number().int(), viewers: Counts }),
})
export type ShowStats = z.infer<typeof ShowStats>

export const ShowTotals = z.strictObject({
  streamId: Id,
  title: z.string(),
  startedAt: Time,
  endedAt: Time.nullable(),
  durationMs: z.number().int(),
  people: z.number().int(),
  peak: z.number().int(),
  watchS: z.number().int(),
  replayPeople: z.number().int(),
})
export type ShowTotals = z.infer<typeof ShowTotals>

export const getStats = defineRoute({
  method: 'GET',
  path: '/api/v1/live/channels/{slug}/stats',
  access: publish,
  summary: 'The audience of a show, the newest unless one is named; null before the first',
  query: z.strictObject({ streamId: Id.optional() }),
  result: ShowStats.nullable(),
})
export const listShowTotals = defineRoute({
  method: 'GET',
  path: '/api/v1/live/channels/{slug}/stats/shows',
  access: publish,
  summary: 'Past shows of a channel with their totals, newest first',
  query: PageQuery,
  result: pageOf(ShowTotals),
})
/** `?streamId=` as in `getStats`. */
export const statsCsv = defineRoute({
  method: 'GET',
  path: '/api/v1/live/channels/{slug}/stats.csv',
  access: publish,
  isRaw: true,
  summary: 'The curve of a show as a table',
})
