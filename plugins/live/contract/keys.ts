import { defineRoute, Id, Slug, Time, z } from '#contract'

const publish = { permission: 'live.publish' }

export const StreamKey = z.strictObject({
  id: Id,
  channel: Slug,
  /** First 4 characters; the whole key is shown once, when made. */
  hint: z.string(),
  createdAt: Time,
  lastUsedAt: Time.nullable(),
  revokedAt: Time.nullable(),
})
export type StreamKey = z.infer<typeof StreamKey>
export const NewStreamKey = z.strictObject({ id: Id, channel: Slug, url: z.string(), key: z.string() })
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
  summary: 'Make a stream key; shown only here',
  result: NewStreamKey,
})
export const revokeKey = defineRoute({
  method: 'DELETE',
  path: '/api/v1/live/keys/{id}',
  access: publish,
  summary: 'Revoke a stream key; a stream using it ends',
})
