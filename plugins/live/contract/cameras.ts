import { defineRoute, Id, Slug, z } from '#contract'

/** Number of a camera in its channel; 1 is the one a plain stream key publishes as. */
export const Camera = z.number().int().min(1).max(16)
export const CameraTitle = z.string().trim().min(1).max(60)
/** Beyond ten seconds two pictures are not of the same moment. */
const ManualOffset = z.number().int().min(-10_000).max(10_000)

export const MixCamera = z.strictObject({
  camera: Camera,
  /** `Camera 2` until somebody names it. */
  title: z.string(),
  /** `waiting` is let in but not yet playable; `away` may come back within the grace time. */
  status: z.enum(['live', 'away', 'waiting', 'off']),
  /** Null when off. */
  streamId: Id.nullable(),
  poster: z.string().nullable(),
  /** A silent look at it that is not counted; null unless it is live. */
  preview: z.string().nullable(),
  hasVideo: z.boolean(),
  hasAudio: z.boolean(),
  /** The worst of its health notes, and the figures a director looks at; null where nothing is measured. */
  health: z
    .strictObject({
      level: z.enum(['ok', 'warn', 'bad']),
      bitrateKbps: z.number(),
      fps: z.number(),
      height: z.number(),
      lagMs: z.number(),
    })
    .nullable(),
  /** What was measured, against the main camera; null until it is known. */
  measuredMs: z.number().int().nullable(),
  /** By what the cameras are lined up: the encoder's own time code, or the arrival of what it sends. */
  clock: z.enum(['time-code', 'arrival']).nullable(),
  /** Added by hand to what was measured. */
  offsetMs: z.number().int(),
  keys: z.number().int(),
})
export type MixCamera = z.infer<typeof MixCamera>

/** The cameras of a channel as its director sees them. */
export const Mix = z.strictObject({
  channel: Slug,
  /** The director's choice. */
  mainCamera: Camera,
  /** Null follows the main camera. */
  audioCamera: Camera.nullable(),
  /** What viewers get at the moment: another than the chosen one while that is away; null off air. */
  onMain: Camera.nullable(),
  onAudio: Camera.nullable(),
  /** Those with a key, a name or a stream, by their numbers. */
  cameras: z.array(MixCamera),
})
export type Mix = z.infer<typeof Mix>

export const MixChange = z.strictObject({
  mainCamera: Camera.optional(),
  audioCamera: Camera.nullable().optional(),
  cameras: z
    .array(
      z.strictObject({
        camera: Camera,
        title: CameraTitle.optional(),
        offsetMs: ManualOffset.optional(),
      }),
    )
    .max(16)
    .optional(),
})
export type MixChange = z.infer<typeof MixChange>

const publish = { permission: 'live.publish' }

export const getMix = defineRoute({
  method: 'GET',
  path: '/api/v1/live/channels/{slug}/mix',
  access: publish,
  summary: 'The cameras of a channel and which is on the main picture',
  result: Mix,
})
export const updateMix = defineRoute({
  method: 'PATCH',
  path: '/api/v1/live/channels/{slug}/mix',
  access: publish,
  summary: 'Choose the main picture and the master sound, name cameras, move their clocks',
  body: MixChange,
  result: Mix,
})
