import { z } from '#contract'
import type { PluginContext } from '#sdk'
import { usualMost } from './stats/crowd.ts'

const seconds = (min: number, max: number, usual: number) => z.number().int().min(min).max(max).default(usual)

/** What the label may choose about going live; the descriptions are those of config.example.yaml. */
export const LiveSettings = z.strictObject({
  graceS: seconds(0, 3600, 60).describe('Seconds that viewers wait for an encoder that was lost'),
  segmentMs: z
    .number()
    .int()
    .min(1000)
    .max(10_000)
    .default(2000)
    .describe(
      'Wanted length of a segment in milliseconds; the real one follows the key frames of the encoder',
    ),
  windowS: seconds(10, 300, 30).describe('Seconds of live media kept in memory for viewers'),
  lowLatency: z
    .boolean()
    .default(true)
    .describe(
      'Viewers get parts of a third of a second and are a second or two behind; false: whole segments',
    ),
  ladder: z
    .boolean()
    .default(true)
    .describe('720p and 480p beside the source, made while somebody watches them and the machine has room'),
  onSecondPublisher: z
    .enum(['take-over', 'refuse'])
    .default('take-over')
    .describe('A second encoder with the key of a running stream: "take-over" or "refuse"'),
  simulcastToPrivate: z
    .boolean()
    .default(false)
    .describe('Channels may be sent on to servers of the private network, which every DJ could then reach'),
  keepReplays: z.boolean().default(true).describe('Streams are kept as replays when they end'),
  downloads: z
    .enum(['hosts', 'watchers'])
    .default('hosts')
    .describe(
      'Who may save a recording as a file: "hosts" (who may publish there) or "watchers" (who may watch)',
    ),
  recordingsMaxGb: z
    .number()
    .positive()
    .max(1_000_000)
    .optional()
    .describe(
      'Room for all recordings in GB, beyond which the oldest are deleted; without it the whole disk',
    ),
  clips: z
    .boolean()
    .default(true)
    .describe('Members may make clips of up to a minute of what they may watch'),
  posterEveryS: seconds(0, 3600, 60).describe(
    'Seconds between new pictures of a running stream; 0 for the first alone',
  ),
  elsewhereMb: z
    .number()
    .int()
    .min(16)
    .max(1_000_000)
    .default(2048)
    .describe('Several machines: room for copies of recordings that lie on the others, in MB'),
  figuresDays: z
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(90)
    .describe('Days until the curve of an audience is thinned from ten seconds to an hour a point'),
  viewersOfAddress: z
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(usualMost)
    .describe(
      'Viewers that one address is counted as at most, so that nobody makes up an audience; more for a hall of thousands or behind a CDN, 0 for any number',
    ),
  geoDatabase: z
    .string()
    .max(500)
    .default('')
    .describe('Path of an MMDB file by which viewers are counted by country; empty: they are not'),
  remindBeforeMin: z
    .number()
    .int()
    .min(0)
    .max(1440)
    .default(15)
    .describe('Minutes before a planned set at which its reminders are mailed'),
})
export type LiveSettings = z.infer<typeof LiveSettings>
export type LiveContext = PluginContext<LiveSettings>
