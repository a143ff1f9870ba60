import { notAllowed, notFound } from '#contract'
import { type Account, problem } from '#sdk'
import type { AssetRow } from './assets.ts'

export const uploadPermission = 'media.upload'
/** May see and change the files of everybody. */
export const managePermission = 'media.manage'

export const canManage = (account: Account): boolean => account.permissions.has(managePermission)

/** A file of somebody else is not there. */
export function checkSeen(account: Account, asset: AssetRow | null): AssetRow {
  if (!asset || (asset.ownerId !== account.id && !canManage(account))) throw problem(notFound)
  return asset
}

export function checkWhose(account: Account, whose: 'mine' | 'all'): void {
  if (whose === 'all' && !canManage(account)) throw problem(notAllowed)
}
