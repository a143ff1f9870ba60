import { notFound } from '#contract'
import { type Db, isoTime, newId, problem } from '#sdk'
import { type Folder, folderTaken, mostFolders, tooManyFolders, unknownFolder } from './contract.ts'

interface FolderRow {
  id: string
  accountId: string
  name: string
  nameKey: string
  createdAt: string
}
const keyOf = (name: string) => name.normalize('NFC').toLowerCase().slice(0, 120)

export async function listFolders(db: Db, accountId: string): Promise<Folder[]> {
  const rows: FolderRow[] = await db<FolderRow>('playlists_folders').where({ accountId }).orderBy('name_key')
  const counts: { folderId: string; n: number }[] = await db('playlists_playlists')
    .where({ ownerId: accountId })
    .whereNull('trashed_at')
    .whereNotNull('folder_id')
    .groupBy('folder_id')
    .select('folder_id')
    .count({ n: '*' })
  const byId = new Map(counts.map(({ folderId, n }) => [folderId, Number(n)]))
  return rows.map(({ id, name }) => ({ id, name, playlistCount: byId.get(id) ?? 0 }))
}

/** Throws playlists.folder-taken or playlists.too-many-folders. */
export async function insertFolder(db: Db, accountId: string, name: string): Promise<Folder> {
  const row = await db('playlists_folders').where({ accountId }).count({ n: '*' }).first()
  if (Number(row?.n ?? 0) >= mostFolders) throw problem(tooManyFolders)
  const folder = { id: newId(), accountId, name, nameKey: keyOf(name), createdAt: isoTime() }
  const added: unknown[] = await db('playlists_folders')
    .insert(folder)
    .onConflict(['account_id', 'name_key'])
    .ignore()
    .returning('id')
  if (added.length === 0) throw taken()
  return { id: folder.id, name, playlistCount: 0 }
}

/** Throws not-found or playlists.folder-taken; in a transaction. */
export async function updateFolder(db: Db, accountId: string, id: string, name: string): Promise<Folder> {
  const own = await listFolders(db, accountId)
  const folder = own.find((one) => one.id === id)
  if (!folder) throw problem(notFound)
  if (own.some((one) => one.id !== id && keyOf(one.name) === keyOf(name))) throw taken()
  const change = { name, nameKey: keyOf(name) }
  await db.unlessTaken(db('playlists_folders').where({ id }).update(change), taken)
  return { ...folder, name }
}

/** Its playlists stay; throws not-found. */
export async function removeFolder(db: Db, accountId: string, id: string): Promise<void> {
  if ((await db('playlists_folders').where({ id, accountId }).delete()) === 0) throw problem(notFound)
}

/** Throws playlists.unknown-folder where it is none of the account's. */
export async function assertOwnFolder(db: Db, accountId: string, id: string | null): Promise<void> {
  if (id === null) return
  if (!(await db('playlists_folders').where({ id, accountId }).first('id')))
    throw problem(unknownFolder, undefined, {
      errors: [{ pointer: '/folderId', message: unknownFolder.title }],
    })
}

const taken = () =>
  problem(folderTaken, undefined, { errors: [{ pointer: '/name', message: folderTaken.title }] })
