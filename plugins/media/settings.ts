import { z } from '#contract'
import type { PluginContext } from '#sdk'

const Profile = z.enum(['aac-96', 'aac-256', 'flac', 'mp3-320', 'mp3-v0', 'opus-160', 'flac-file'])

/** What the label may choose about files people bring. */
export const MediaSettings = z.strictObject({
  /** Largest file, in MiB; a WAV of 4 GB and more (RF64) fits. */
  maxFileMb: z.number().int().min(1).max(1_048_576).default(8192),
  /** Longest recording, in hours. */
  maxDurationH: z.number().positive().max(100).default(12),
  /** Room for originals by role, in GiB; the largest of an account's roles counts. Who manages media has no limit. */
  quotaGb: z.record(z.string(), z.number().min(0)).default({}),
  /** How long files that no track uses are kept, in days. */
  keepLooseDays: z.number().int().min(1).max(3650).default(7),
  /** What is made of every file; `flac` of lossless ones only. */
  profiles: z.array(Profile).min(1).default(['aac-96', 'aac-256', 'flac']),
})
export type MediaSettings = z.infer<typeof MediaSettings>
export type MediaContext = PluginContext<MediaSettings>
