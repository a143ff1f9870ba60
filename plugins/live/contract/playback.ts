import { z } from '#contract'

/** One camera of a running event. `offsetMs` is added to its picture's date to meet the main camera's clock. */
export const Angle = z.strictObject({
  /** The camera's stream. */
  id: z.string(),
  camera: z.number().int(),
  title: z.string(),
  /** A low-latency multivariant playlist, like the main one. */
  hls: z.string(),
  offsetMs: z.number().int(),
})
export type Angle = z.infer<typeof Angle>

/** Where players start: signed multivariant playlists. */
export const Playback = z.strictObject({
  /** Of a live stream with low-latency parts; a recording's is plain. */
  hls: z.string(),
  /** The same media without parts, for players that know only RFC 8216. */
  hlsPlain: z.string(),
  /** All that is kept of a running stream, to seek back in; null for a recording, and where nothing is kept. */
  dvr: z.string().nullable(),
  /** The sound alone; null without sound. In an event with several cameras that of the master audio. */
  audio: z.string().nullable(),
  /** Added to the date of `audio` to meet the main camera's clock; absent where the sound is its own. */
  audioOffsetMs: z.number().int().optional(),
  /** Every camera on air, the main one first; empty where there is only one. */
  angles: z.array(Angle),
  /** For any audio player, `/listen/{slug}`; null where it is not offered. */
  listen: z.string().nullable(),
  hasVideo: z.boolean(),
  hasAudio: z.boolean(),
})
export type Playback = z.infer<typeof Playback>
