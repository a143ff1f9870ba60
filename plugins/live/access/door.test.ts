import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Account, newId } from '#sdk'
import { migrate } from '../../../server/db/index.ts'
import { type TestDatabase, testDatabase } from '../../../test/kit/databases.ts'
import type { Channel } from '../channels.ts'
import { WatchDoor } from './door.ts'
import { insertLostRight } from './lost-rights.ts'

interface Context {
  database: TestDatabase
}
const test = suite<Context>('the door of closed streams')
test.before(async (context) => {
  context.database = await testDatabase('sqlite')
  await migrate(context.database, [{ owner: 'live', folder: new URL('../migrations/', import.meta.url) }])
})
test.after(({ database }) => database.close())

/** A door with a clock and rights in hand; `asked` counts how often an account was looked up. */
function doorOf({ database }: Context) {
  const state = { now: 1_000_000, isGood: true, asked: 0, isAway: false }
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const account = { id: newId() } as Account
  const rights = { mayWatch: async () => state.isGood }
  const door = new WatchDoor({ db: database.db, log, rights, now: () => state.now })
  const channel = { id: 'c', access: 'members' } as Channel
  const wanted = { streamId: 's', channel, stream: { access: null, eventId: null } }
  const caller = async () => {
    state.asked += 1
    if (state.isAway) throw new Error('The database is away.')
    return account
  }
  const enter = (more: { mark?: string; channel?: Channel } = {}) =>
    door.admits({ ...wanted, channel: more.channel ?? channel }, more.mark ?? 'm', caller)
  return { state, door, enter, account, channel }
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 20))

test('a viewer is looked up once, however many segments are fetched [LIVE-20]', async (context) => {
  const { state, enter } = doorOf(context)
  const first = await Promise.all([enter(), enter(), enter()])
  assert.equal([first, state.asked], [[true, true, true], 1])
  for (let i = 0; i < 1_000; i++) {
    state.now += 25
    assert.is(enter(), true)
  }
  assert.is(state.asked, 1)
  assert.is(await enter({ mark: 'another session' }), true)
  assert.is(state.asked, 2)
})

test('a right that ran out ends at the next look, within half a minute [LIVE-20]', async (context) => {
  const { state, enter } = doorOf(context)
  await enter()
  state.isGood = false
  state.now += 29_000
  assert.is(enter(), true)
  state.now += 1_001
  await enter()
  await settled()
  assert.is(await enter(), false)
  state.isGood = true
  assert.is(await enter(), false)
  state.now += 1_001
  assert.is(await enter(), true)
})

test('a right that was taken away in another process ends within seconds [LIVE-20]', async (context) => {
  const { state, enter, account } = doorOf(context)
  state.now = Date.now()
  await enter()
  await settled()
  state.isGood = false
  await insertLostRight(context.database.db, newId())
  await insertLostRight(context.database.db, account.id)
  state.now += 5_001
  await enter()
  await settled()
  assert.is(await enter(), false)
  assert.is(state.asked, 2)
})

test('another access is another question, and a right that was lost here is asked for at once [LIVE-20]', async (context) => {
  const { state, door, enter, account, channel } = doorOf(context)
  await enter()
  state.isGood = false
  assert.is(await enter({ channel: { ...channel, access: 'ticket' } }), false)
  state.isGood = true
  door.forget(account.id)
  assert.is(await enter(), true)
  assert.is(state.asked, 3)
})

test('who plays goes on while the database is away [LIVE-20]', async (context) => {
  const { state, enter } = doorOf(context)
  await enter()
  state.isAway = true
  for (let i = 0; i < 4; i++) {
    state.now += 31_000
    assert.is(await enter(), true)
    await settled()
  }
  const failed = await Promise.resolve(enter({ mark: 'a new viewer' })).catch((error: Error) => error.message)
  assert.is(failed, 'The database is away.')
})

test.run()
