import { Bytes, defineProblem, defineRoute, Id, PictureCrop, z } from '#contract'

/** What stands between two colons in a text: `:vinyl:`. */
export const EmoteName = z.string().regex(/^[a-z0-9_]{2,24}$/, {
  error: 'Use 2 to 24 small letters, digits and _.',
})
/** As many as a label may have. */
export const mostEmotes = 200

/** A small square picture of the label's own that is shown in place of its name in messages. */
export const Emote = z.strictObject({ id: Id, name: EmoteName, url: z.string() })
export type Emote = z.infer<typeof Emote>

const moderate = { permission: 'chat.moderate' }

export const listEmotes = defineRoute({
  method: 'GET',
  path: '/api/v1/chat/emotes',
  access: 'public',
  summary: 'The emotes of the label, by name',
  result: z.strictObject({ items: z.array(Emote), can: z.strictObject({ manage: z.boolean() }) }),
})
export const setEmote = defineRoute({
  method: 'PUT',
  path: '/api/v1/chat/emotes/{name}',
  access: moderate,
  summary: 'Make an emote, or give it another picture: JPEG, PNG, WebP, AVIF or GIF up to 10 MiB',
  query: PictureCrop,
  takes: ['image/*'],
  body: Bytes,
  bodyLimit: 10 * 1024 * 1024,
  perMinute: 60,
  result: Emote,
})
export const removeEmote = defineRoute({
  method: 'DELETE',
  path: '/api/v1/chat/emotes/{name}',
  access: moderate,
  summary: 'Delete an emote; messages show its name in its place',
})

export const tooManyEmotes = defineProblem({
  name: 'chat.too-many-emotes',
  status: 409,
  title: 'A label has at most 200 emotes; delete one first.',
})
