import { conflict } from '#contract'
import { problem } from '#sdk'
import { getChannel } from '../channels.ts'
import * as contract from '../contract.ts'
import type { Desk } from '../desk.ts'
import { ownChannel } from '../own-channel.ts'
import { handleSetCovers } from './covers.ts'
import * as store from './events.ts'
import { linkOnAir } from './link.ts'
import { editable, record } from './own.ts'
import { statusAt } from './present.ts'
import { planReminders } from './remind.ts'
import { countReminders, owedAgain } from './reminders.ts'
import { setFor, setsFor } from './seen.ts'

const longestMs = 48 * 3_600_000

/** Sets that are announced before they are played. */
export function handleSets(desk: Desk): void {
  readRoutes(desk)
  planRoutes(desk)
  endRoutes(desk)
  handleSetCovers(desk)
}

function readRoutes(desk: Desk): void {
  const { router, db } = desk.ctx
  router.handle(contract.upcomingSets, async ({ query }, call) => {
    const { items, next } = await store.listUpcoming(db, query)
    return { items: await setsFor(desk, call, items), next }
  })
  router.handle(contract.listSets, async ({ params, query }, call) => {
    const channel = await getChannel(db, params.slug)
    const { items, next } = await store.listUpcoming(db, { ...query, channelId: channel.id })
    return { items: await setsFor(desk, call, items), next }
  })
  router.handle(contract.getSet, async ({ params }, call) =>
    setFor(desk, call, await store.getSet(db, params.id)),
  )
}

function planRoutes(desk: Desk): void {
  const { router, db } = desk.ctx
  router.handle(contract.planSet, async ({ params, body }, call) => {
    const channel = await ownChannel(db, params.slug, call.me)
    checkTimes(body)
    const set = await db.tx(async (db) => {
      const made = await store.insertSet(db, channel.id, body)
      await planReminders(desk.ctx, db, made)
      await record(desk, db, { action: 'live.set-planned', actor: call.me, channel, set: made })
      return made
    })
    await linkOnAir(desk, channel.id)
    call.status(201)
    return setFor(desk, call, await store.getSet(db, set.id))
  })
  router.handle(contract.changeSet, async ({ params, body }, call) => {
    const { set, channel } = await editable(desk, call, params.id)
    if (statusAt(set, new Date().toISOString()) === 'over' || set.status === 'cancelled')
      throw problem(contract.setIsOver)
    const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
    checkTimes({ ...set, ...given })
    await db.tx(async (db) => {
      const changed = await store.updateSet(db, set, given)
      if (changed.startsAt !== set.startsAt) {
        await owedAgain(db, set.id)
        await planReminders(desk.ctx, db, changed)
      }
      await record(desk, db, { action: 'live.set-changed', actor: call.me, channel, set: changed })
    })
    await linkOnAir(desk, channel.id)
    return setFor(desk, call, await store.getSet(db, set.id))
  })
}

function endRoutes(desk: Desk): void {
  const { router, db, jobs, storage } = desk.ctx
  router.handle(contract.cancelSet, async ({ params }, call) => {
    const { set, channel } = await editable(desk, call, params.id)
    if (statusAt(set, new Date().toISOString()) === 'over') throw problem(contract.setIsOver)
    await db.tx(async (db) => {
      if (!(await store.markCancelled(db, set.id))) return
      await jobs.enqueue(db, contract.tellCancelled, { eventId: set.id }, { key: set.id })
      await record(desk, db, { action: 'live.set-cancelled', actor: call.me, channel, set })
    })
    return setFor(desk, call, await store.getSet(db, set.id))
  })
  router.handle(contract.removeSet, async ({ params }, call) => {
    const { set, channel } = await editable(desk, call, params.id)
    const isPast = set.status === 'cancelled' || statusAt(set, new Date().toISOString()) === 'over'
    await db.tx(async (db) => {
      if (!isPast && (await countReminders(db, set.id)) > 0)
        throw problem(conflict, 'Some wait for this set: cancel it first, so that they are told.')
      await store.removeSet(db, set.id)
      await record(desk, db, { action: 'live.set-removed', actor: call.me, channel, set })
    })
    if (set.coverKey) await storage.removeFolder(set.coverKey)
  })
}

function checkTimes({ startsAt, endsAt }: { startsAt: string; endsAt: string | null }): void {
  if (endsAt === null) return
  const ms = Date.parse(endsAt) - Date.parse(startsAt)
  if (ms > 0 && ms <= longestMs) return
  throw problem(contract.badTimes, undefined, {
    errors: [{ pointer: '/endsAt', message: contract.badTimes.title }],
  })
}
