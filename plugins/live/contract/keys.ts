import { defineRoute, Id, Slug, Time, z } from '#contract'
import { Camera, CameraTitle } from './cameras.ts'

const publish = { permission: 'live.publish' }

export const StreamKey = z.strictObject({
  id: Id,
  channel: Slug,
  /** The camera it publishes as: 1 is the main one. A key of camera 1 may ask for another with `?cam=2` behind it. */
  camera: Camera,
  /** First 4 characters; the whole key is shown once, when made. */
  hint: z.string(),
  createdAt: Time,
  lastUsedAt: Time.nullable(),
  revokedAt: Time.nullable(),
})
export type StreamKey = z.infer<typeof StreamKey>
export const NewStreamKey = z.strictObject({
  id: Id,
  channel: Slug,
  camera: Camera,
  url: z.string(),
  key: z.string(),
})
export type NewStreamKey = z.infer<typeof NewStreamKey>

export const listKeys = defineRoute({
  method: 'GET',
  path: '/api/v1/live/channels/{slug}/keys',
  access: publish,
  summary: 'Stream keys of a channel, without the keys',
  result: z.strictObject({ items: z.array(StreamKey) }),
})
export const createKey = defineRoute({
  method: 'POST',
  path: '/api/v1/live/channels/{slug}/keys',
  access: publish,
  summary: 'Make a stream key, for camera 1 unless another is named; shown only here',
  /** `title` names the camera. */
  body: z.strictObject({ camera: Camera.optional(), title: CameraTitle.optional() }).optional(),
  result: NewStreamKey,
})
export const revokeKey = defineRoute({
  method: 'DELETE',
  path: '/api/v1/live/keys/{id}',
  access: publish,
  summary: 'Revoke a stream key; a stream using it ends',
})
