import { identity } from '#contract'
import { listBlocks, removeBlocksOf } from './blocks.ts'
import type { Desk } from './desk.ts'
import { findProfile, removeProfile } from './profiles.ts'

/** What an account takes away with it, and what goes when it is deleted. */
export function handlePersonalData({ ctx }: Desk): void {
  const { accounts, db, storage } = ctx

  accounts.onExport(async (accountId) => {
    const { avatarKey, bannerKey, ...told } = await findProfile(db, accountId)
    const { items } = await listBlocks(db, accountId, { limit: 10_000 })
    const blocks = items.map(({ kind, otherId, createdAt }) => ({ kind, accountId: otherId, createdAt }))
    return {
      data: { profile: told, blocks },
      files: [
        ...(avatarKey ? [{ name: 'avatar.webp', key: `${avatarKey}/768.webp` }] : []),
        ...(bannerKey ? [{ name: 'banner.webp', key: `${bannerKey}/1600.webp` }] : []),
      ],
    }
  })

  ctx.events.on(identity.accountDeleted, 'profiles.forget', async ({ accountId }) => {
    const { avatarKey, bannerKey } = await findProfile(db, accountId)
    for (const key of [avatarKey, bannerKey]) if (key) await storage.removeFolder(key)
    await db.tx(async (db) => {
      await removeProfile(db, accountId)
      await removeBlocksOf(db, accountId)
    })
  })
}
