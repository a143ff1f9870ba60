import { z } from '#contract'

/** A song that a publisher named; `atMs` is where it begins on its stream's timeline. */
export const SongTitle = z.strictObject({ atMs: z.number().int(), title: z.string() })
export type SongTitle = z.infer<typeof SongTitle>
