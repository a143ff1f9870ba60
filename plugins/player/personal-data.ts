import { identity } from '#contract'
import { trackRemoved } from '#plugins/catalog'
import { isoTime } from '#sdk'
import { tendPlayer } from './contract.ts'
import { disownPlays, listPlays, removeNobodysPlays, removePlaysOf } from './plays.ts'
import { listPositions, removePositionsOf } from './positions.ts'
import { findQueue, removeQueue } from './queues.ts'
import type { Ctx } from './settings.ts'

/** Starts are told within a day; what is in nobody's history is kept a little longer, so that none counts twice. */
const keptMs = 2 * 86_400_000
const exported = 100_000

/** What an account takes away with it, and what goes with an account, a track, or by time. */
export function handlePersonalData({ accounts, db, events, jobs }: Ctx): void {
  accounts.onExport(async (accountId) => {
    const { items } = await listPlays(db, accountId, { limit: exported })
    const queue = await findQueue(db, accountId)
    return {
      data: {
        queue: queue && {
          trackIds: queue.trackIds,
          deviceName: queue.deviceName,
          updatedAt: queue.updatedAt,
        },
        history: items.map(({ trackId, heardMs, playedAt }) => ({ trackId, heardMs, playedAt })),
        positions: (await listPositions(db, accountId)).map(({ accountId: _own, ...told }) => told),
      },
    }
  })

  events.on(identity.accountDeleted, 'player.forget-listener', async ({ accountId }) => {
    await removeQueue(db, accountId)
    await disownPlays(db, accountId)
    await removePositionsOf(db, { accountId })
  })

  events.on(trackRemoved, 'player.forget-track', async ({ trackId }) => {
    await removePlaysOf(db, trackId)
    await removePositionsOf(db, { trackId })
  })

  jobs.handle(tendPlayer, () => removeNobodysPlays(db, isoTime(new Date(Date.now() - keptMs))))
  jobs.every(tendPlayer, '40 4 * * *')
}
