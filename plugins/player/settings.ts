import { z } from '#contract'
import type { CatalogApi } from '#plugins/catalog'
import type { PluginContext } from '#sdk'

/** What the label may choose about listening. */
export const PlayerSettings = z.strictObject({
  longTrackMin: z
    .number()
    .int()
    .min(1)
    .max(600)
    .default(15)
    .describe('Minutes; of longer tracks it is remembered where one stopped'),
  guestPlaysPerHour: z
    .number()
    .int()
    .min(0)
    .max(100_000)
    .default(300)
    .describe('Plays without an account that count in an hour, from one address'),
})
export type PlayerSettings = z.infer<typeof PlayerSettings>
export type Ctx = PluginContext<PlayerSettings, { catalog: CatalogApi }>
