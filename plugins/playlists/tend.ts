import { isoTime } from '#sdk'
import { tendPlaylists, trashDays } from './contract.ts'
import type { Desk } from './desk.ts'
import { forgetRemoved } from './items.ts'
import { listOverdue, removePlaylist } from './playlists.ts'

/** Each night: what has been in the trash for thirty days goes, and what was removed from lists that long ago. */
export function registerTending({ ctx }: Desk): void {
  const { db, jobs, storage } = ctx
  jobs.handle(tendPlaylists, async () => {
    const now = new Date()
    for (const { id, coverKey } of await listOverdue(db, now)) {
      await removePlaylist(db, id)
      if (coverKey) await storage.removeFolder(coverKey)
    }
    await forgetRemoved(db, isoTime(new Date(now.getTime() - trashDays * 86_400_000)))
  })
  jobs.every(tendPlaylists, '20 3 * * *')
}
