import { z } from '#contract'
import type { ArtistsApi } from '#plugins/artists'
import type { MediaApi } from '#plugins/media'
import type { PluginContext } from '#sdk'

export const CatalogSettings = z.strictObject({
  trashDays: z
    .number()
    .int()
    .min(1)
    .max(365)
    .default(30)
    .describe('Days that deleted releases and tracks can be brought back'),
})
export type CatalogSettings = z.infer<typeof CatalogSettings>
export type Ctx = PluginContext<CatalogSettings, { artists: ArtistsApi; media: MediaApi }>
