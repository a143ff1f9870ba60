import { z } from '#contract'
import type { PluginContext } from '#sdk'

const Profile = z.enum(['aac-96', 'aac-256', 'flac', 'mp3-320', 'mp3-v0', 'opus-160', 'flac-file'])

/** What the label may choose about files people bring. */
export const MediaSettings = z.strictObject({
  maxFileMb: z
    .number()
    .int()
    .min(1)
    .max(1_048_576)
    .default(8192)
    .describe('Largest file that may be uploaded or imported, in MiB'),
  maxDurationH: z.number().positive().max(100).default(12).describe('Longest recording, in hours'),
  quotaGb: z
    .record(z.string(), z.number().min(0))
    .default({})
    .describe(
      'Room for originals by role in GiB, as {"member":5}; the largest of an account’s roles counts, who manages media has no limit',
    ),
  keepLooseDays: z
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(7)
    .describe('Days that uploaded files which no track uses are kept'),
  profiles: z
    .array(Profile)
    .min(1)
    .default(['aac-96', 'aac-256', 'flac'])
    .describe(
      'What is made of every file at once: aac-96, aac-256, flac (of lossless files), mp3-320, mp3-v0, opus-160, flac-file',
    ),
})
export type MediaSettings = z.infer<typeof MediaSettings>
export type MediaContext = PluginContext<MediaSettings>
