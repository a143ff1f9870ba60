import { defineRoute, Id, Time, z } from '#contract'

const publish = { permission: 'live.publish' }

/** Measured at the ingest, for the DJ. `notes` say what to do, by codes that pages put into words, worst first. */
export const Health = z.strictObject({
  streamId: Id,
  status: z.enum(['waiting', 'live', 'interrupted']),
  startedAt: Time.nullable(),
  viewers: z.number().int(),
  bitrateKbps: z.number(),
  fps: z.number(),
  width: z.number(),
  height: z.number(),
  videoCodec: z.string().nullable(),
  audioCodec: z.string().nullable(),
  keyFrameIntervalMs: z.number(),
  droppedFrames: z.number(),
  lagMs: z.number(),
  /** How old media is when viewers can fetch it: the lag, and the way through a part or a segment; null until measured. */
  delayMs: z.number().nullable(),
  /** From the moment to its being seen, for the middle one of the viewers; null without viewers. */
  viewerDelayMs: z.number().nullable(),
  /** Peak of the last seconds in dBFS; null until measured. */
  audioPeakDb: z.number().nullable(),
  encoder: z.string(),
  notes: z.array(
    z.strictObject({
      level: z.enum(['ok', 'warn', 'bad']),
      code: z.string(),
      values: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  ),
})
export type Health = z.infer<typeof Health>

export const getHealth = defineRoute({
  method: 'GET',
  path: '/api/v1/live/channels/{slug}/health',
  access: publish,
  summary: 'What the ingest measures, for the DJ',
  result: Health.nullable(),
})
export const endStream = defineRoute({
  method: 'POST',
  path: '/api/v1/live/channels/{slug}/end',
  access: publish,
  summary: 'End the stream now and disconnect its publishers',
})
