import { type Account, newId, type PictureCrop, type PictureWish } from '#sdk'
import { removeOrphans } from './contract.ts'
import type { Desk } from './desk.ts'
import { idTime } from './id-time.ts'
import { findProfile, keysInUse, updateProfile } from './profiles.ts'

type Kind = 'avatar' | 'banner'
const square = (side: number) => ({ name: String(side), width: side, height: side })
const wide = (width: number) => ({ name: String(width), width, height: width / 4 })
const sizes: Record<Kind, PictureWish['sizes']> = {
  avatar: [96, 256, 768].map(square),
  banner: [800, 1600].map(wide),
}
const folder = 'profiles'
/** No upload takes so long; what is older and nobody's is left over. */
const orphanMs = 3_600_000

/** Stores the picture in its sizes, then names it in the profile; the one before goes. */
export async function storePicture(
  desk: Desk,
  me: Account,
  kind: Kind,
  sent: { bytes: Buffer; crop: PictureCrop | undefined },
): Promise<void> {
  const { pictures, storage } = desk.ctx
  const made = await pictures.make(sent.bytes, { crop: sent.crop, sizes: sizes[kind] })
  const key = `${folder}/${newId()}`
  try {
    for (const { name, bytes } of made) await storage.write(`${key}/${name}.webp`, bytes)
    await setPicture(desk, me, kind, key)
  } catch (error) {
    await storage.removeFolder(key)
    throw error
  }
}

/** Names another picture, or none; the files of the one before go when that is certain. */
export async function setPicture(desk: Desk, me: Account, kind: Kind, key: string | null): Promise<void> {
  const { db, storage, accounts, audit } = desk.ctx
  const column = kind === 'avatar' ? 'avatarKey' : 'bannerKey'
  const before = await db.tx(async (db) => {
    const row = await findProfile(db, me.id)
    await updateProfile(db, me.id, { [column]: key })
    if (kind === 'avatar') await accounts.setAvatar(db, me.id, key)
    const action = `profiles.${kind}-${key ? 'set' : 'removed'}`
    await audit.record(db, { action, actor: me, subject: me.id })
    return row[column]
  })
  if (before) await storage.removeFolder(before)
}

/** Files that no profile names: a crash between storing and naming leaves them, and two uploads at once. */
export async function sweepPictures(desk: Desk, now = Date.now()): Promise<void> {
  const { db, storage } = desk.ctx
  const keys = new Set<string>()
  for await (const { key } of storage.list(folder)) keys.add(key.split('/').slice(0, 2).join('/'))
  const old = [...keys].filter((key) => idTime(key.slice(folder.length + 1)) < now - orphanMs)
  for (let at = 0; at < old.length; at += 500) {
    const some = old.slice(at, at + 500)
    const used = await keysInUse(db, some)
    for (const key of some) if (!used.has(key)) await storage.removeFolder(key)
  }
}

export function handleOrphans(desk: Desk): void {
  const { jobs } = desk.ctx
  jobs.handle(removeOrphans, () => sweepPictures(desk))
  jobs.every(removeOrphans, '17 4 * * *')
}
