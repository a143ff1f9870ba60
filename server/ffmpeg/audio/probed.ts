import { z } from '#contract'

const streamShape = z.object({
  codec_name: z.string().optional(),
  codec_type: z.string().optional(),
  sample_fmt: z.string().optional(),
  sample_rate: z.coerce.number().optional(),
  channels: z.number().optional(),
  channel_layout: z.string().optional(),
  bits_per_sample: z.number().optional(),
  bits_per_raw_sample: z.coerce.number().optional(),
  bit_rate: z.coerce.number().optional(),
  duration: z.coerce.number().optional(),
  nb_frames: z.coerce.number().optional(),
  disposition: z.object({ attached_pic: z.number().optional() }).optional(),
})
/** What ffprobe says, of what was asked of it. */
export const probedShape = z.object({
  streams: z.array(streamShape).default([]),
  format: z.object({
    format_name: z.string(),
    duration: z.coerce.number().optional(),
    bit_rate: z.coerce.number().optional(),
    tags: z.record(z.string(), z.string()).optional(),
  }),
})

export type Probed = z.output<typeof probedShape>
export type ProbedStream = z.output<typeof streamShape>
