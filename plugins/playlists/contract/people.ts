import { defineEvent, defineProblem, defineRoute, Id, identity, PageQuery, pageOf, Time, z } from '#contract'
import { at, KeyQuery, PlaylistCard } from './playlist.ts'

export const mostEditors = 50

export const Editors = z.strictObject({
  owner: identity.Person.nullable(),
  items: z.array(z.strictObject({ person: identity.Person, addedAt: Time })),
  /** Path of the page with the invitation in it; null where there is none, and for all but the owner. */
  inviteHref: z.string().nullable(),
})
export type Editors = z.infer<typeof Editors>
export const listEditors = defineRoute({
  method: 'GET',
  path: `${at}/{id}/editors`,
  access: 'signed-in',
  summary: 'Who may change the tracks',
  result: Editors,
})
export const addEditor = defineRoute({
  method: 'POST',
  path: `${at}/{id}/editors`,
  access: 'signed-in',
  summary: 'Let somebody change the tracks, by username',
  body: z.strictObject({ username: z.string().trim().min(1).max(31) }),
  result: Editors,
})
export const removeEditor = defineRoute({
  method: 'DELETE',
  path: `${at}/{id}/editors/{accountId}`,
  access: 'signed-in',
  summary: 'Let somebody change the tracks no longer; editors may leave by their own id',
})
export const openInvitation = defineRoute({
  method: 'POST',
  path: `${at}/{id}/invitation`,
  access: 'signed-in',
  summary: 'Make a link by which people become editors; a former one ends',
  result: Editors,
})
export const closeInvitation = defineRoute({
  method: 'DELETE',
  path: `${at}/{id}/invitation`,
  access: 'signed-in',
  summary: 'End the link by which people become editors; who came by it stays',
  result: Editors,
})
export const acceptInvitation = defineRoute({
  method: 'POST',
  path: `${at}/{id}/editors/me`,
  access: 'signed-in',
  summary: 'Become an editor by the link',
  body: z.strictObject({ invitation: z.string().max(60) }),
  perMinute: 30,
})

export const listFollowedPlaylists = defineRoute({
  method: 'GET',
  path: `${at}/followed`,
  access: 'signed-in',
  summary: 'Playlists one follows, last followed first; `next` is no id of a playlist',
  query: PageQuery,
  result: pageOf(PlaylistCard),
})
export const followPlaylist = defineRoute({
  method: 'PUT',
  path: `${at}/{id}/follow`,
  access: 'signed-in',
  summary: 'Keep somebody’s playlist among one’s own, and hear of its changes',
  query: KeyQuery,
})
export const unfollowPlaylist = defineRoute({
  method: 'DELETE',
  path: `${at}/{id}/follow`,
  access: 'signed-in',
  summary: 'Follow a playlist no longer',
})
export const markSeen = defineRoute({
  method: 'PUT',
  path: `${at}/{id}/seen`,
  access: 'signed-in',
  summary: 'A playlist one follows was looked at: it has no news any more',
})

export const unknownPerson = defineProblem({
  name: 'playlists.unknown-person',
  status: 422,
  title: 'There is no account of that name.',
})
export const tooManyEditors = defineProblem({
  name: 'playlists.too-many-editors',
  status: 409,
  title: 'A playlist has at most 50 editors; let somebody go first.',
})
export const invitationEnded = defineProblem({
  name: 'playlists.invitation-ended',
  status: 404,
  title: 'This invitation has ended; ask for another link.',
})
export const ownPlaylist = defineProblem({
  name: 'playlists.own',
  status: 409,
  title: 'This playlist is yours already.',
})

export const editorAdded = defineEvent({
  name: 'playlists.editor-added',
  payload: z.strictObject({ playlistId: Id, accountId: Id, byId: Id }),
})
