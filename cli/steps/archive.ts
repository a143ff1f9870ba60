import { z } from '#contract'

/** The archive's last entry: what is in it, and the hash of each entry before it. */
export const Manifest = z.strictObject({
  format: z.literal(1),
  /** Version of the Veza that made it. */
  version: z.string(),
  createdAt: z.iso.datetime(),
  database: z.enum(['sqlite', 'postgres']),
  sites: z.array(z.strictObject({ name: z.string().regex(/^[a-z][a-z0-9-]*$/), url: z.string() })),
  entries: z.array(
    z.strictObject({
      path: z.string().min(1),
      sizeBytes: z.number().int().min(0),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
})
export type Manifest = z.infer<typeof Manifest>

export const manifestName = 'manifest.json'
/** Where the copies of PostgreSQL schemas are; SQLite files are at their own place. */
export const postgresFolder = 'postgres'
export const applianceCopy = `${postgresFolder}/appliance.jsonl`
export const siteCopy = (site: string): string => `${postgresFolder}/site-${site}.jsonl`
/** The keys of the appliance, unless security.instanceKey holds them. */
export const keyEntry = 'keys/instance.key'
export const applianceFile = 'appliance.db'
export const siteFile = (site: string): string => `sites/${site}/veza.db`
