import { identity } from '#contract'
import type { LiveApi } from '../contract.ts'
import type { Desk } from '../desk.ts'
import type { LiveContext } from '../settings.ts'
import { shownAt } from '../shown.ts'
import { onRights } from './changes.ts'
import { handleFollows } from './follow-routes.ts'
import { removeFollowsOf } from './follows.ts'
import { handleGuests } from './guest-routes.ts'
import { loseRight } from './lose.ts'
import { forgetPassesOf } from './passes.ts'
import { accessOf, type Watcher } from './rights.ts'
import { mayWatchThen } from './then.ts'

/** Who may watch: routes, and what becomes of a right when its account is suspended or gone. */
export function registerAccess(desk: Desk): void {
  const { events, db } = desk.ctx
  handleFollows(desk)
  handleGuests(desk)
  events.on(identity.accountSuspended, 'live.close-door', ({ accountId }) => loseRight(desk, db, accountId))
  events.on(identity.accountDeleted, 'live.forget-viewer', async ({ accountId }) => {
    await removeFollowsOf(db, accountId)
    await forgetPassesOf(db, accountId)
    await loseRight(desk, db, accountId)
  })
}

/** What other plugins may ask and tell. */
export function accessApi(
  desk: Desk,
): Pick<LiveApi, 'mayWatch' | 'mayWatchThen' | 'addGate' | 'loseRight' | 'onRights'> {
  const whoIs = async (accountId: string | null) =>
    accountId === null ? null : watcherById(desk.ctx, accountId)
  return {
    mayWatch: async (accountId, slug) => {
      const { channel, stream } = await shownAt(desk, slug)
      if (accessOf(channel, stream) === 'public') return true
      return desk.rights.mayWatch(await whoIs(accountId), { channel, stream })
    },
    mayWatchThen: (accountId, slug, time) => mayWatchThen(desk, () => whoIs(accountId), { slug, ...time }),
    addGate: (kind, check) => desk.rights.addGate(kind, check),
    loseRight: (db, accountId) => loseRight(desk, db, accountId),
    onRights: (listener) => onRights(desk.ctx, listener),
  }
}

/** Of whom only the id is known. Whose role was taken away has a channel and may do nothing with it. */
export async function watcherById({ accounts }: Pick<LiveContext, 'accounts'>, id: string): Promise<Watcher> {
  const isManager = await accounts.can(id, 'live.manage')
  const isDj = isManager || (await accounts.can(id, 'live.publish'))
  return { id, canPublish: ({ ownerId }) => isManager || (isDj && ownerId === id) }
}
