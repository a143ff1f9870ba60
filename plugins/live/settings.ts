import { z } from '#contract'
import type { PluginContext } from '#sdk'

/** What the label may choose about going live. */
export const LiveSettings = z.strictObject({
  /** How long viewers wait for a publisher that was lost, in seconds. */
  graceS: z.number().int().min(0).max(3600).default(60),
  /** Wanted segment length; the real one follows the encoder's key frames. */
  segmentMs: z.number().int().min(1000).max(10_000).default(2000),
  /** Media kept in memory for viewers, in seconds. */
  windowS: z.number().int().min(10).max(300).default(30),
  /** What a second publisher of the same channel does to the first. */
  onSecondPublisher: z.enum(['take-over', 'refuse']).default('take-over'),
  keepReplays: z.boolean().default(true),
  /** A new picture of a running stream every so many seconds; 0 for only one at the start and the end. */
  posterEveryS: z.number().int().min(0).max(3600).default(60),
})
export type LiveSettings = z.infer<typeof LiveSettings>
export type LiveContext = PluginContext<LiveSettings>
