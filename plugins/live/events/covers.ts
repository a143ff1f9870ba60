import type { Call } from '#sdk'
import * as contract from '../contract.ts'
import { writeCover } from '../covers.ts'
import type { Desk } from '../desk.ts'
import { getSet, setCover } from './events.ts'
import { type Editable, editable, record } from './own.ts'
import { setFor } from './seen.ts'

/** The picture of a planned set. */
export function handleSetCovers(desk: Desk): void {
  const { router, db } = desk.ctx
  router.handle(contract.setSetCover, async ({ params, query, body }, call) => {
    await editable(desk, call, params.id)
    await writeCover(desk.ctx, body as Buffer, query, async (key) => {
      await keep(desk, call, await editable(desk, call, params.id), key)
    })
    return setFor(desk, call, await getSet(db, params.id))
  })
  router.handle(contract.removeSetCover, async ({ params }, call) => {
    await keep(desk, call, await editable(desk, call, params.id), null)
    return setFor(desk, call, await getSet(db, params.id))
  })
}

/** The row names the new files first; then the old ones go. */
async function keep(desk: Desk, call: Call, { set, channel }: Editable, key: string | null): Promise<void> {
  const { db, storage } = desk.ctx
  const before = await db.tx(async (db) => {
    // As of now: another upload may have come first, and its files go with this one.
    const { coverKey } = await getSet(db, set.id)
    await setCover(db, set.id, key)
    const action = key ? 'live.set-cover-changed' : 'live.set-cover-removed'
    await record(desk, db, { action, actor: call.me, channel, set })
    return coverKey
  })
  if (before && before !== key) await storage.removeFolder(before)
}
