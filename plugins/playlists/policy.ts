import { timingSafeEqual } from 'node:crypto'
import type { Account, Db } from '#sdk'
import { isEditor } from './editors.ts'
import { isFollower } from './follows.ts'
import type { PlaylistRow } from './playlists.ts'

/** May take any playlist that others can find away. */
export const moderatePermission = 'playlists.moderate'

export interface Standing {
  see: boolean
  /** Tracks. */
  edit: boolean
  /** Everything else of it. */
  manage: boolean
  remove: boolean
  role: 'owner' | 'editor' | 'follower' | 'moderator' | null
}

/** `key` is the secret of an unlisted one, as the caller came by it. */
export async function standing(
  db: Db,
  account: Account | null,
  row: PlaylistRow,
  key?: string,
): Promise<Standing> {
  const isOwner = account?.id === row.ownerId
  const editor = !isOwner && account !== null && (await isEditor(db, row.id, account.id))
  const follower = !isOwner && !editor && account !== null && (await isFollower(db, row.id, account.id))
  const hasKey = row.visibility === 'unlisted' && (follower || isSecret(key, row.secret))
  const isModerator = row.visibility === 'public' && (account?.permissions.has(moderatePermission) ?? false)
  return {
    see: isOwner || editor || row.visibility === 'public' || hasKey,
    edit: isOwner || editor,
    manage: isOwner,
    remove: isOwner || isModerator,
    role: isOwner ? 'owner' : editor ? 'editor' : follower ? 'follower' : isModerator ? 'moderator' : null,
  }
}

/** Compared in the same time however much of it is right. */
export function isSecret(given: string | undefined | null, secret: string | null): boolean {
  if (!given || secret === null) return false
  const [a, b] = [Buffer.from(given), Buffer.from(secret)]
  return a.length === b.length && timingSafeEqual(a, b)
}
