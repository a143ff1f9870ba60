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
  /** Viewers are sent parts of a third of a second, to be a second or two behind; off: whole segments. */
  lowLatency: z.boolean().default(true),
  /** 720p and 480p beside the source, encoded while somebody watches them and the machine has room. */
  ladder: z.boolean().default(true),
  /** What a second publisher of the same channel does to the first. */
  onSecondPublisher: z.enum(['take-over', 'refuse']).default('take-over'),
  /** Channels may be sent on to servers of the private network, too; off, as anybody who goes live could reach them. */
  simulcastToPrivate: z.boolean().default(false),
  keepReplays: z.boolean().default(true),
  /** Who may save a recording as a file: nobody but its channel's people (`hosts`), or everybody who may watch it. */
  downloads: z.enum(['hosts', 'watchers']).default('hosts'),
  /** Room for all recordings in GB; beyond it the oldest are deleted. Without it as much as there is. */
  recordingsMaxGb: z.number().positive().max(1_000_000).optional(),
  /** Members may make short clips of what they may watch. */
  clips: z.boolean().default(true),
  /** A new picture of a running stream every so many seconds; 0 for only one at the start and the end. */
  posterEveryS: z.number().int().min(0).max(3600).default(60),
  /** Room for copies of other machines' segments in MB, where several machines serve one label. */
  elsewhereMb: z.number().int().min(16).max(1_000_000).default(2048),
  /** After so many days the curve of an audience is kept by the hour. */
  figuresDays: z.number().int().min(1).max(3650).default(90),
  /** An MMDB file by which viewers are counted by country; without it they are not. */
  geoDatabase: z.string().max(500).default(''),
  /** How long before a planned set its reminders are mailed, in minutes. */
  remindBeforeMin: z.number().int().min(0).max(1440).default(15),
})
export type LiveSettings = z.infer<typeof LiveSettings>
export type LiveContext = PluginContext<LiveSettings>
