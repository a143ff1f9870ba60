import { defineProblem, defineRoute, Id, z } from '#contract'
import { at } from './playlist.ts'

export const mostFolders = 100

export const Folder = z.strictObject({ id: Id, name: z.string(), playlistCount: z.number() })
export type Folder = z.infer<typeof Folder>
const body = z.strictObject({ name: z.string().trim().min(1, { error: 'Write a name.' }).max(60) })
export const listFolders = defineRoute({
  method: 'GET',
  path: `${at}/folders`,
  access: 'signed-in',
  summary: 'One’s folders by name',
  result: z.strictObject({ items: z.array(Folder) }),
})
export const createFolder = defineRoute({
  method: 'POST',
  path: `${at}/folders`,
  access: 'signed-in',
  summary: 'Make a folder for one’s own playlists',
  body,
  result: Folder,
})
export const updateFolder = defineRoute({
  method: 'PATCH',
  path: `${at}/folders/{id}`,
  access: 'signed-in',
  summary: 'Name a folder anew',
  body,
  result: Folder,
})
export const removeFolder = defineRoute({
  method: 'DELETE',
  path: `${at}/folders/{id}`,
  access: 'signed-in',
  summary: 'Remove a folder; its playlists stay',
})

export const folderTaken = defineProblem({
  name: 'playlists.folder-taken',
  status: 409,
  title: 'You have a folder of that name; choose another one.',
})
export const tooManyFolders = defineProblem({
  name: 'playlists.too-many-folders',
  status: 409,
  title: 'You have as many folders as can be; remove one first.',
})
export const unknownFolder = defineProblem({
  name: 'playlists.unknown-folder',
  status: 422,
  title: 'That folder is not there any more; choose another one.',
})
