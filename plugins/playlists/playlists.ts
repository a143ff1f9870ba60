import { randomBytes } from 'node:crypto'
import { notFound } from '#contract'
import type { TrackRules } from '#plugins/catalog'
import { type Db, isoTime, likePattern, newId, pageFrom, problem } from '#sdk'
import { type PlaylistKind, type PlaylistVisibility, tooManyPlaylists, trashDays } from './contract.ts'

export interface PlaylistRow {
  id: string
  ownerId: string
  title: string
  description: string
  visibility: PlaylistVisibility
  rulesJson: TrackRules | null
  folderId: string | null
  coverKey: string | null
  secret: string
  invitation: string | null
  room: string
  version: number
  trackCount: number
  sampleJson: string[]
  createdAt: string
  updatedAt: string
  changedAt: string
  announcedAt: string | null
  trashedAt: string | null
}

const table = 'playlists_playlists'
const mostOfOne = 2000
/** Part of an address that nobody guesses. */
export const newSecret = (): string => randomBytes(18).toString('base64url')

/** Also one in the trash. */
export async function findPlaylist(db: Db, id: string): Promise<PlaylistRow | null> {
  return (await db<PlaylistRow>(table).where({ id }).first()) ?? null
}

/** The row, held until the end of the transaction. */
export async function lockPlaylist(db: Db, id: string): Promise<PlaylistRow | null> {
  return (await db<PlaylistRow>(table).where({ id }).forUpdate().first()) ?? null
}

export async function playlistsByIds(db: Db, ids: string[]): Promise<PlaylistRow[]> {
  if (ids.length === 0) return []
  return db<PlaylistRow>(table).whereIn('id', ids).whereNull('trashed_at')
}

export interface Wanted {
  /** Owned by it or among `orIds`. */
  ownerId?: string
  orIds?: string[]
  isPublic?: boolean
  q?: string | undefined
  kind?: PlaylistKind | undefined
  after?: string | undefined
  limit: number
}

/** Newest first, without the trash. */
export async function listPlaylists(
  db: Db,
  { ownerId, orIds, isPublic, q, kind, after, limit }: Wanted,
): Promise<{ items: PlaylistRow[]; next: string | null }> {
  const query = db<PlaylistRow>(table)
    .whereNull('trashed_at')
    .orderBy('id', 'desc')
    .limit(limit + 1)
  if (ownerId) query.where((either) => either.where({ ownerId }).orWhereIn('id', orIds ?? []))
  if (isPublic) query.where({ visibility: 'public' })
  if (q?.trim()) query.whereRaw(`lower(title) like ? escape '!'`, [likePattern(q.trim())])
  if (kind === 'smart') query.whereNotNull('rules_json')
  if (kind === 'list') query.whereNull('rules_json')
  if (after) query.where('id', '<', after)
  const rows: PlaylistRow[] = await query
  return pageFrom(rows, limit)
}

export async function listTrashed(db: Db, ownerId: string): Promise<PlaylistRow[]> {
  return db<PlaylistRow>(table)
    .where({ ownerId })
    .whereNotNull('trashed_at')
    .orderBy('trashed_at', 'desc')
    .limit(200)
}

export interface NewPlaylist {
  ownerId: string
  title: string
  description: string
  visibility: PlaylistVisibility
  folderId: string | null
  rules: TrackRules | null
}

/** Throws playlists.too-many. */
export async function insertPlaylist(db: Db, { rules, ...columns }: NewPlaylist): Promise<PlaylistRow> {
  const count = await db(table).where({ ownerId: columns.ownerId }).count({ n: '*' }).first()
  if (Number(count?.n ?? 0) >= mostOfOne) throw problem(tooManyPlaylists)
  const now = isoTime()
  const id = newId()
  await db(table).insert({
    id,
    ...columns,
    rulesJson: rules && JSON.stringify(rules),
    secret: newSecret(),
    room: newSecret(),
    createdAt: now,
    updatedAt: now,
    changedAt: now,
  })
  return (await findPlaylist(db, id)) as PlaylistRow
}

export interface PlaylistChange {
  title?: string | undefined
  description?: string | undefined
  visibility?: PlaylistVisibility | undefined
  folderId?: string | null | undefined
  rules?: TrackRules | undefined
  coverKey?: string | null
  secret?: string
  invitation?: string | null
  room?: string
  version?: number
  trackCount?: number
  sample?: string[]
  changedAt?: string
  announcedAt?: string
  trashedAt?: string | null
}

/** What is left out stays; throws not-found. */
export async function updatePlaylist(db: Db, id: string, change: PlaylistChange): Promise<PlaylistRow> {
  const { rules, sample, ...columns } = change
  const given = {
    ...columns,
    rulesJson: rules && JSON.stringify(rules),
    sampleJson: sample && JSON.stringify(sample),
    updatedAt: isoTime(),
  }
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  await db(table).where({ id }).update(set)
  const row = await findPlaylist(db, id)
  if (!row) throw problem(notFound)
  return row
}

export async function removePlaylist(db: Db, id: string): Promise<void> {
  await db(table).where({ id }).delete()
}

/** Those whose time in the trash is over. */
export async function listOverdue(db: Db, now: Date): Promise<PlaylistRow[]> {
  const before = isoTime(new Date(now.getTime() - trashDays * 86_400_000))
  return db<PlaylistRow>(table).where('trashed_at', '<', before).limit(500)
}

/** All of an account, those in the trash too. */
export async function listOwned(db: Db, ownerId: string): Promise<PlaylistRow[]> {
  return db<PlaylistRow>(table).where({ ownerId }).orderBy('id')
}
