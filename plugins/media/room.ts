import { storageFull } from '#contract'
import { type Account, type Db, type ProblemError, problem } from '#sdk'
import { brokenAudio, fileTooLarge, overQuota } from './contract.ts'
import { canManage } from './policy.ts'
import { freeBytes } from './refusals.ts'
import type { MediaSettings } from './settings.ts'
import { countRoom, insertUpload } from './uploads.ts'

const mib = 1024 * 1024
const gib = 1024 * mib
/** Left for the database and everything else. */
const spareBytes = 16 * mib

export const maxFileBytes = ({ maxFileMb }: MediaSettings): number => maxFileMb * mib

/** The largest of the account's roles; null for none. */
export function quotaOf(account: Account, settings: MediaSettings): number | null {
  return canManage(account) ? null : quotaOfRoles(account.roles, settings)
}

export function quotaOfRoles(roles: readonly string[], { quotaGb }: MediaSettings): number | null {
  const quotas = roles.flatMap((role) => (Object.hasOwn(quotaGb, role) ? [quotaGb[role] ?? 0] : []))
  return quotas.length === 0 ? null : Math.floor(Math.max(...quotas) * gib)
}

export type Announced = Parameters<typeof insertUpload>[1]

/** Before a byte is taken: is it short enough, is there room on the disk, and may this account have it? */
export async function admitUpload(
  db: Db,
  upload: Announced,
  limits: { settings: MediaSettings; account: Account; folder: string },
): Promise<void> {
  const { settings, account, folder } = limits
  const { sizeBytes, fileName } = upload
  if (sizeBytes === 0) throw problem(brokenAudio, `“${fileName}” is empty.`)
  const tooLarge = tooLargeFile(upload, settings)
  if (tooLarge) throw tooLarge
  await checkDisk(folder, sizeBytes)
  const quota = quotaOf(account, settings)
  await db.tx(async (db) => {
    const used = await countRoom(db, account.id)
    if (quota !== null && used + sizeBytes > quota)
      throw problem(overQuota, `You have ${mibOf(quota)} MiB, of which ${mibOf(used)} are taken.`)
    await insertUpload(db, upload)
  })
}

/** Null for one that may be so large. */
export function tooLargeFile(
  { fileName, sizeBytes }: Pick<Announced, 'fileName' | 'sizeBytes'>,
  settings: MediaSettings,
): ProblemError | null {
  if (sizeBytes <= maxFileBytes(settings)) return null
  const detail = `“${fileName}” has ${mibOf(sizeBytes)} MiB; ${settings.maxFileMb} are allowed.`
  return problem(fileTooLarge, detail)
}

export async function checkDisk(folder: string, bytes: number): Promise<void> {
  if ((await freeBytes(folder)) < bytes + spareBytes) throw problem(storageFull)
}

const mibOf = (bytes: number) => Math.ceil(bytes / mib)
