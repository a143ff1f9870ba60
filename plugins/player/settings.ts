import { z } from '#contract'
import type { CatalogApi } from '#plugins/catalog'
import type { PluginContext } from '#sdk'

/** What the label may choose about listening. */
export const PlayerSettings = z.strictObject({
  /** Of longer tracks it is remembered where one stopped, in minutes. */
  longTrackMin: z.number().int().min(1).max(600).default(15),
  /** Plays of people without an account that count in an hour, from one address. */
  guestPlaysPerHour: z.number().int().min(0).max(100_000).default(300),
})
export type PlayerSettings = z.infer<typeof PlayerSettings>
export type Ctx = PluginContext<PlayerSettings, { catalog: CatalogApi }>
