import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import { isoTime, newId } from '#sdk'
import { migrate } from '../../../server/db/index.ts'
import { databaseKinds, type TestDatabase, testDatabase } from '../../../test/kit/databases.ts'
import { type Channel, insertChannel } from '../channels.ts'
import { findStream, insertStream, isShowOn, markEnded } from '../streams.ts'
import * as store from './events.ts'
import { nearest, setAt } from './guard.ts'
import * as reminders from './reminders.ts'

const migrations = [{ owner: 'live', folder: new URL('../migrations/', import.meta.url) }]
interface Context {
  database: TestDatabase
  channel: Channel
}
type StoreTest = Test<Context>
const min = 60_000
const inMin = (minutes: number) => isoTime(new Date(Date.now() + minutes * min))

for (const kind of databaseKinds) {
  const test = suite<Context>(`planned sets on ${kind}`)
  test.before(async (context) => {
    context.database = await testDatabase(kind)
    await migrate(context.database, migrations)
  })
  test.before.each(async (context) => {
    const slug = `c-${newId().slice(-12)}`
    context.channel = await insertChannel(context.database.db, {
      slug,
      title: slug,
      description: '',
      ownerId: null,
    })
  })
  test.after(({ database }) => database.close())
  testSets(test)
  testGuard(test)
  testReminders(test)
  test.run()
}

function plan({ database, channel }: Context, more: Partial<store.SetInput> = {}): Promise<store.PlannedSet> {
  const input = {
    title: 'Set',
    description: '',
    startsAt: inMin(60),
    endsAt: null,
    timeZone: null,
    access: null,
  }
  return store.insertSet(database.db, channel.id, { ...input, ...more })
}

function testSets(test: StoreTest) {
  test('what is to come is listed soonest first, by pages; what is past or cancelled is not [LIVE-06]', async (context) => {
    const { db } = context.database
    const late = await plan(context, { startsAt: inMin(300) })
    const soon = await plan(context, { startsAt: inMin(5) })
    const same = await plan(context, { startsAt: late.startsAt })
    const running = await plan(context, { startsAt: inMin(-90) })
    await plan(context, { startsAt: inMin(-90), endsAt: inMin(-30) })
    const cancelled = await plan(context)
    assert.is(await store.markCancelled(db, cancelled.id), true)
    assert.is(await store.markCancelled(db, cancelled.id), false)
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await store.listUpcoming(db, { channelId: context.channel.id, after, limit: 2 })
      seen.push(...page.items.map(({ id }) => id))
      after = page.next ?? undefined
    } while (after)
    assert.equal(seen, [running.id, soon.id, late.id, same.id])
    assert.equal((await store.findSet(db, cancelled.id))?.status, 'cancelled')
    const all = await store.listSetsSince(db, inMin(-60), 100)
    assert.ok(all.some(({ id }) => id === cancelled.id))
  })

  test('each change counts, and the end moves with the beginning [LIVE-06]', async (context) => {
    const { db } = context.database
    const set = await plan(context)
    assert.is(set.untilAt, isoTime(new Date(Date.parse(set.startsAt) + 12 * 60 * min)))
    const moved = await store.updateSet(db, set, { startsAt: inMin(120) })
    const ended = await store.updateSet(db, moved, { endsAt: inMin(180) })
    assert.equal([moved.sequence, ended.sequence, ended.untilAt], [1, 2, ended.endsAt])
    assert.is(Date.parse(moved.untilAt), Date.parse(moved.startsAt) + 12 * 60 * min)
    assert.is(await store.markCancelled(db, set.id), true)
    assert.is((await store.getSet(db, set.id)).sequence, 3)
  })
}

function testGuard(test: StoreTest) {
  test('a new stream is the set that is planned around it, with its access [LIVE-06] [LIVE-20]', async (context) => {
    const { database, channel } = context
    const { db } = database
    const stream = () => insertStream(db, { channelId: channel.id, keyId: newId(), title: 'x' })
    assert.is((await stream()).eventId, null)
    const far = await plan(context, { startsAt: inMin(31), access: 'members' })
    assert.is((await stream()).eventId, null)
    await store.updateSet(db, far, { startsAt: inMin(29) })
    const main = await stream()
    assert.equal([main.eventId, main.access], [far.id, 'members'])
    assert.equal((await findStream(db, main.id))?.access, 'members')
    await store.markCancelled(db, far.id)
    const late = { channelId: channel.id, keyId: newId(), title: 'x', camera: 2, showId: main.id }
    assert.equal((await insertStream(db, late)).eventId, far.id)
    assert.is((await stream()).eventId, null)
  })

  test('a show is on until its last camera has ended [LIVE-06]', async ({ database: { db }, channel }) => {
    const input = { channelId: channel.id, keyId: newId(), title: 'x' }
    const main = await insertStream(db, input)
    const second = await insertStream(db, { ...input, camera: 2, showId: main.id })
    const end = { reason: 'unpublished', recording: { durationMs: 1, sizeBytes: 1, segments: 1 } } as const
    await markEnded(db, main.id, end)
    assert.is(await isShowOn(db, main.id), true)
    await markEnded(db, second.id, end)
    assert.is(await isShowOn(db, main.id), false)
  })

  test('of several sets the one under way is meant, then the nearest not played yet [LIVE-06]', async (context) => {
    const { db } = context.database
    const one = await plan(context, { startsAt: inMin(-35), endsAt: inMin(25) })
    const two = await plan(context, { startsAt: inMin(25), endsAt: inMin(85) })
    assert.is((await setAt(db, context.channel.id, new Date()))?.id, one.id)
    await store.markOn(db, one.id, newId())
    assert.is(nearest([{ ...one, status: 'over' }, two], new Date())?.id, two.id)
    assert.is(nearest([{ ...one, status: 'over' }], new Date())?.id, one.id)
    const open = await plan(context, { startsAt: inMin(-590) })
    assert.is(nearest([open, two], new Date())?.id, two.id)
    assert.is(nearest([], new Date()), null)
  })
}

function testReminders(test: StoreTest) {
  test('of parallel runs one reminds each, and a moved set reminds again [LIVE-06]', async (context) => {
    const { db } = context.database
    const set = await plan(context)
    const people = [newId(), newId(), newId()].sort()
    for (const id of [...people, ...people]) await reminders.insertReminder(db, set.id, id)
    assert.is(await reminders.countReminders(db, set.id), 3)
    assert.equal(await reminders.accountsToRemind(db, set.id, 2), people.slice(0, 2))
    const claim = () => db.tx((db) => reminders.claimReminders(db, set.id, people))
    const claims = await Promise.all([claim(), claim(), claim()])
    assert.equal(claims.flat().sort(), people)
    assert.equal(await reminders.accountsToRemind(db, set.id, 9), [])
    await reminders.owedAgain(db, set.id)
    assert.equal(await reminders.accountsToRemind(db, set.id, 9), [], 'who was mailed just now')
    const longAgo = isoTime(new Date(Date.now() - 3_600_000))
    await db('live_reminders').where({ eventId: set.id }).update({ mailedAt: longAgo })
    assert.equal(await reminders.accountsToRemind(db, set.id, 9), people)
  })

  test('who is told of a cancelled set is told once; who left is not [LIVE-06]', async (context) => {
    const { db } = context.database
    const [set, other] = [await plan(context), await plan(context)]
    const [ann, ben, eve] = [newId(), newId(), newId()]
    for (const id of [ann, ben, eve]) await reminders.insertReminder(db, set.id, id)
    await reminders.insertReminder(db, other.id, ann)
    await reminders.removeReminder(db, set.id, eve)
    assert.equal(
      (await reminders.remindedAmong(db, ann, [set.id, other.id])).sort(),
      [set.id, other.id].sort(),
    )
    const taken = await Promise.all([1, 2].map(() => reminders.takeReminders(db, set.id, [ann, ben, eve])))
    assert.equal(taken.flat().sort(), [ann, ben].sort())
    assert.equal(await reminders.takeReminders(db, set.id, []), [])
    await reminders.removeRemindersOn(db, context.channel.id, ann)
    assert.equal(await reminders.remindersHeldBy(db, ann), [])
    await reminders.insertReminder(db, other.id, ben)
    await store.removeSet(db, other.id)
    assert.equal(await reminders.remindersHeldBy(db, ben), [])
  })
}
