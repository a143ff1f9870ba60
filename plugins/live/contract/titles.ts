import { defineRoute, Time, z } from '#contract'

/** A song that a publisher named; `atMs` is where it begins on its stream's timeline. */
export const SongTitle = z.strictObject({ atMs: z.number().int(), title: z.string() })
export type SongTitle = z.infer<typeof SongTitle>

/** With when it was named, by this server's clock. */
export const PlayedTitle = SongTitle.extend({ at: Time })
export type PlayedTitle = z.infer<typeof PlayedTitle>

export const listTitles = defineRoute({
  method: 'GET',
  path: '/api/v1/live/channels/{slug}/titles',
  access: 'public',
  summary: 'The last songs of the stream on air, newest first',
  result: z.strictObject({ items: z.array(PlayedTitle) }),
})
