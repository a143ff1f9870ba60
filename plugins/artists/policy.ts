import type { Account, Db } from '#sdk'
import type { ArtistRow } from './artists.ts'
import { isManager } from './managers.ts'

/** May add and remove artists, and change every page. */
export const managePermission = 'artists.manage'

export interface Standing {
  /** May change the page, its pictures and who else looks after it. */
  edit: boolean
  /** May change its address and whether it is listed, and remove it. */
  manage: boolean
}

export const canManage = (account: Account | null): boolean =>
  account?.permissions.has(managePermission) ?? false

export async function standing(db: Db, account: Account | null, artist: ArtistRow): Promise<Standing> {
  const manage = canManage(account)
  return { edit: manage || (account !== null && (await isManager(db, artist.id, account.id))), manage }
}
