import { createHash, timingSafeEqual } from 'node:crypto'
import type { ArtistsApi } from '#plugins/artists'
import type { Account, Call } from '#sdk'
import { manage } from './contract.ts'
import type { ReleaseRow } from './releases.ts'

export const publishPermission = 'catalog.publish'
export const managePermission = manage

/** What a call says of its caller, for the addresses that play. */
export type Asking = Pick<Call, 'account' | 'header' | 'cookie'>

/** Whoever asks, with the artists whose pages they look after. */
export interface Who {
  accountId: string | null
  managesAll: boolean
  mayPublish: boolean
  artistIds: ReadonlySet<string>
}

const nobody: Who = { accountId: null, managesAll: false, mayPublish: false, artistIds: new Set() }

export async function whoIs(
  artists: Pick<ArtistsApi, 'managedBy'>,
  account: Pick<Account, 'id' | 'permissions'> | null,
): Promise<Who> {
  if (!account) return nobody
  return {
    accountId: account.id,
    managesAll: account.permissions.has(managePermission),
    mayPublish: account.permissions.has(publishPermission),
    artistIds: await artists.managedBy(account.id),
  }
}

/** Its owner, whoever looks after the page of a main artist, and who manages the catalogue. */
export function canEdit(who: Who, release: Pick<ReleaseRow, 'ownerId' | 'creditsJson'>): boolean {
  if (who.accountId === null) return false
  if (who.managesAll || release.ownerId === who.accountId) return true
  return release.creditsJson.some(
    ({ role, artistId }) => role === 'main' && artistId !== null && who.artistIds.has(artistId),
  )
}

/** Whether the release is there for somebody at all; `key` is the secret that came with the call. */
export function canSee(who: Who, release: ReleaseRow, key?: string): boolean {
  if (release.trashedAt !== null) return false
  if (canEdit(who, release)) return true
  if (release.status !== 'published') return false
  if (release.visibility === 'public') return true
  if (release.visibility === 'members') return who.accountId !== null
  return release.visibility === 'unlisted' && isKey(release, key)
}

export function isKey(release: Pick<ReleaseRow, 'unlistedKey'>, key: string | undefined): boolean {
  if (key === undefined) return false
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(key), digest(release.unlistedKey))
}

/** Whoever may play it may take it, where its editors say so. */
export const canDownload = (who: Who, release: ReleaseRow): boolean =>
  release.isDownloadable || canEdit(who, release)

/** Its playing addresses may be anybody's. */
export const isForEverybody = ({ status, visibility, trashedAt }: ReleaseRow): boolean =>
  status === 'published' && visibility === 'public' && trashedAt === null
