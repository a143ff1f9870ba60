import { z } from '#contract'

const text = z.string().trim().min(1).max(120)
const number = z.number().min(-1_000_000_000).max(1_000_000_000)

/** What a rule may look at. `…Mine` and stars are the list owner's own. */
export const textFields = ['title', 'artist', 'release', 'genre', 'tag', 'label', 'key'] as const
export const numberFields = [
  'bpm',
  'durationS',
  'year',
  'plays',
  'playsMine',
  'stars',
  'loudnessLufs',
] as const
export const dateFields = ['addedAt', 'releasedAt', 'playedAtMine'] as const
export const flagFields = ['isFavourite', 'isExplicit', 'isLossless'] as const

/** One condition: of a text, a number, a time (days before now), or a yes and no. */
export const Rule = z.union([
  z.strictObject({
    field: z.enum(textFields),
    is: z.enum(['is', 'is-not', 'contains', 'begins']),
    value: text,
  }),
  z.strictObject({ field: z.enum(numberFields), is: z.enum(['is', 'at-least', 'at-most']), value: number }),
  z.strictObject({ field: z.enum(numberFields), is: z.literal('between'), from: number, to: number }),
  z.strictObject({
    field: z.enum(dateFields),
    is: z.enum(['within-days', 'not-within-days']),
    value: z.number().int().min(1).max(36_500),
  }),
  z.strictObject({ field: z.enum(flagFields), is: z.literal('is'), value: z.boolean() }),
])
export type Rule = z.infer<typeof Rule>

export const ruleSorts = [
  'random',
  'newest',
  'oldest',
  'title',
  'artist',
  'most-played',
  'least-played',
  'last-played',
  'best-rated',
  'bpm',
  'duration',
] as const

/** Which tracks a smart playlist has: all or any of the rules, sorted, as many as the limit says. */
export const TrackRules = z.strictObject({
  match: z.enum(['all', 'any']).default('all'),
  rules: z.array(Rule).max(30),
  sort: z.enum(ruleSorts).default('newest'),
  /** At most so many tracks, or so many minutes of them. */
  limit: z
    .strictObject({ by: z.enum(['tracks', 'minutes']), count: z.number().int().min(1).max(10_000) })
    .default({ by: 'tracks', count: 200 }),
})
export type TrackRules = z.infer<typeof TrackRules>
