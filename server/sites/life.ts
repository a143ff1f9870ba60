import { lastChangeOfPeople } from '../identity/change-mark.ts'
import { mailSettings } from './mail-settings.ts'
import type { Site, SiteSurroundings } from './site.ts'

/** Starts and stops what a site runs, and follows what other processes change. */
export function life(
  site: Omit<Site, 'start' | 'stop'>,
  around: SiteSurroundings,
): Pick<Site, 'start' | 'stop'> {
  const { database, settings, kernel, jobs, hub, mail, log, permissions, addressRules, tokens } = site
  let stopWatching: (() => Promise<void>) | undefined
  let seenChange: string | null = null
  const follow = async () => {
    await settings.reload()
    await permissions.reload(database.db)
    await addressRules.reload(database.db)
    tokens.forget()
    await kernel.reconcile()
    await site.refreshSetUp()
    const change = await lastChangeOfPeople(database.db)
    if (change !== seenChange) hub.recheck()
    seenChange = change
  }
  return {
    start: async () => {
      seenChange = await lastChangeOfPeople(database.db)
      stopWatching = await database.watch(() => {
        follow().catch((error: unknown) =>
          log.error({ err: error }, 'could not follow a change of another process'),
        )
      })
      // What a process left unlinked that ended by force.
      await site.audit
        .sealed()
        .catch((error: unknown) => log.error({ err: error }, 'the audit log could not be linked'))
      await kernel.start()
      if (around.roles.includes('worker')) await jobs.start()
      if (mailSettings(around.loaded)) await mail.releaseHeld()
    },
    stop: async () => {
      await stopWatching?.()
      await jobs.stop(5000)
      await kernel.stop()
      await hub.close()
      await site.audit.close()
      around.metrics.forget(site.row.name)
      await database.close()
    },
  }
}
