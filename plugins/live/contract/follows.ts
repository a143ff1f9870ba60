import { defineRoute, Id, PageQuery, pageOf, Slug, Time, z } from '#contract'

/** How the caller stands to a channel. */
export const Following = z.strictObject({
  isFollowing: z.boolean(),
  /** A mail comes when the channel goes on air. */
  isMailed: z.boolean(),
  followers: z.number().int(),
})
export type Following = z.infer<typeof Following>

const path = '/api/v1/live/channels/{slug}/follow'

export const getFollowing = defineRoute({
  method: 'GET',
  path,
  access: 'public',
  summary: 'How many follow a channel, and whether I do',
  result: Following,
})
export const followChannel = defineRoute({
  method: 'PUT',
  path,
  access: 'signed-in',
  summary: 'Follow a channel',
  result: Following,
})
export const unfollowChannel = defineRoute({
  method: 'DELETE',
  path,
  access: 'signed-in',
  summary: 'No longer follow a channel, nor get mails of it',
  result: Following,
})
export const listFollowed = defineRoute({
  method: 'GET',
  path: '/api/v1/live/follows',
  access: 'signed-in',
  summary: 'Channels I follow, newest channel first; the cursor is a channel’s id',
  query: PageQuery,
  result: pageOf(
    z.strictObject({
      channel: z.strictObject({ id: Id, slug: Slug, title: z.string(), isLive: z.boolean() }),
      isMailed: z.boolean(),
      since: Time,
    }),
  ),
})
