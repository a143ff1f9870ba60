import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import { isoTime, newId } from '#sdk'
import { migrate } from '../../../server/db/index.ts'
import { databaseKinds, type TestDatabase, testDatabase } from '../../../test/kit/databases.ts'
import { type Channel, insertChannel } from '../channels.ts'
import * as follows from './follows.ts'
import { insertLostRight, lostRightsSince } from './lost-rights.ts'
import * as passes from './passes.ts'

const migrations = [{ owner: 'live', folder: new URL('../migrations/', import.meta.url) }]
interface Context {
  database: TestDatabase
  channel: Channel
}
type StoreTest = Test<Context>

for (const kind of databaseKinds) {
  const test = suite<Context>(`who may watch, on ${kind}`)
  test.before(async (context) => {
    context.database = await testDatabase(kind)
    await migrate(context.database, migrations)
  })
  test.before.each(async (context) => {
    const slug = `c-${newId().slice(-12)}`
    const input = { slug, title: slug, description: '', ownerId: null }
    context.channel = await insertChannel(context.database.db, input)
  })
  test.after(({ database }) => database.close())
  testFollows(test)
  testPasses(test)
  testLostRights(test)
  test.run()
}

function testFollows(test: StoreTest) {
  test('a channel is followed once, and mails are as they were last wished [LIVE-20] [LIVE-06]', async (context) => {
    const { database, channel } = context
    const { db } = database
    const accountId = newId()
    const who = { channelId: channel.id, accountId }
    await Promise.all([1, 2, 3].map(() => follows.insertFollow(db, who)))
    assert.is(await follows.countFollowers(db, channel.id), 1)
    assert.is((await follows.findFollow(db, channel.id, accountId))?.isMailed, false)
    await follows.insertFollow(db, { ...who, isMailed: true })
    await follows.insertFollow(db, who)
    assert.is((await follows.findFollow(db, channel.id, accountId))?.isMailed, true)
    assert.equal(await follows.followedAmong(db, accountId, [newId(), channel.id]), [channel.id])
    assert.equal(await follows.followedAmong(db, newId(), [channel.id]), [])
    assert.is(await follows.removeFollow(db, channel.id, accountId), true)
    assert.is(await follows.removeFollow(db, channel.id, accountId), false)
  })

  test('what somebody follows comes by pages [LIVE-20]', async ({ database: { db } }) => {
    const accountId = newId()
    const made: string[] = []
    for (const slug of ['one', 'two', 'three']) {
      const input = { slug: `${slug}-${accountId.slice(-8)}`, title: slug, description: '', ownerId: null }
      const { id } = await insertChannel(db, input)
      await follows.insertFollow(db, { channelId: id, accountId })
      made.unshift(id)
    }
    const first = await follows.listFollows(db, accountId, { limit: 2 })
    const second = await follows.listFollows(db, accountId, { limit: 2, after: first.next ?? '' })
    const ids = [...first.items, ...second.items].map(({ channelId }) => channelId)
    assert.equal([ids, second.next], [made, null])
  })

  test('of parallel runs one mails a follower, and not again within the time [LIVE-06]', async ({
    database: { db },
    channel,
  }) => {
    const people = [newId(), newId(), newId()]
    for (const accountId of people)
      await follows.insertFollow(db, { channelId: channel.id, accountId, isMailed: true })
    await follows.insertFollow(db, { channelId: channel.id, accountId: newId() })
    const since = isoTime(new Date(Date.now() - 60_000))
    const owed = await follows.followersToMail(db, channel.id, { since, limit: 10 })
    assert.equal(owed, [...people].sort())
    const claims = await Promise.all(
      [1, 2, 3].map(() =>
        db.tx((db) => follows.claimFollowerMails(db, channel.id, { since, accountIds: owed })),
      ),
    )
    assert.equal(claims.flat().sort(), owed)
    assert.equal(await follows.followersToMail(db, channel.id, { since, limit: 10 }), [])
    const later = isoTime(new Date(Date.now() + 60_000))
    assert.is((await follows.followersToMail(db, channel.id, { since: later, limit: 10 })).length, 3)
  })
}

function testPasses(test: StoreTest) {
  test('of 20 who bring a code at once one has it [LIVE-20]', async ({ database: { db }, channel }) => {
    const [made] = await passes.insertCodes(db, { channelId: channel.id, eventId: null }, { count: 1 })
    const code = made?.code ?? ''
    assert.match(code, /^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$/)
    const people = Array.from({ length: 20 }, () => newId())
    const claims = await Promise.all(
      people.map((accountId) => passes.claimCode(db, channel.id, { code, accountId })),
    )
    const won = claims.filter((pass) => pass !== null)
    assert.is(won.length, 1)
    const winner = won[0]?.accountId ?? ''
    const typed = code.toLowerCase().replaceAll('-', ' ')
    assert.is((await passes.claimCode(db, channel.id, { code: typed, accountId: winner }))?.id, made?.pass.id)
    const held = await Promise.all(people.map((id) => passes.passesOf(db, id, [channel.id])))
    assert.is(held.flat().length, 1)
    assert.not.match(JSON.stringify(await db('live_passes')), new RegExp(code.replaceAll('-', '.?')))
  })

  test('a code is worth nothing on another channel, nor when it was taken back [LIVE-20]', async (context) => {
    const { database, channel } = context
    const { db } = database
    const where = { channelId: channel.id, eventId: null }
    const made = await passes.insertCodes(db, where, { count: 2 })
    const [one, two] = made.map(({ code }) => code)
    const claim = (code: string | undefined) => ({ code: code ?? '', accountId: newId() })
    assert.is(await passes.claimCode(db, newId(), claim(one)), null)
    assert.is(await passes.revokePass(db, made[0]?.pass.id ?? ''), true)
    assert.is(await passes.revokePass(db, made[0]?.pass.id ?? ''), false)
    assert.is(await passes.claimCode(db, channel.id, claim(one)), null)
    const winner = claim(two)
    assert.ok(await passes.claimCode(db, channel.id, winner))
    await passes.revokePass(db, made[1]?.pass.id ?? '')
    assert.equal(await passes.passesOf(db, winner.accountId, [channel.id]), [])
    assert.equal((await passes.listPasses(db, channel.id, { limit: 5 })).items, [])
  })

  test('a guest is on the list once, and can be taken back and put on it again [LIVE-20]', async (context) => {
    const { database, channel } = context
    const { db } = database
    const where = { channelId: channel.id, eventId: null }
    const accountId = newId()
    const [first] = await Promise.all([1, 2].map(() => passes.insertGuest(db, where, accountId)))
    assert.is((await passes.listPasses(db, channel.id, { limit: 5 })).items.length, 1)
    await passes.revokePass(db, first?.id ?? '')
    assert.equal(await passes.passesOf(db, accountId, [channel.id]), [])
    const again = await passes.insertGuest(db, where, accountId)
    assert.equal([again.id, again.revokedAt], [first?.id, null])
    assert.is((await passes.passesOf(db, accountId, [channel.id])).length, 1)
    await passes.forgetPassesOf(db, accountId)
    assert.equal(await passes.passesHeldBy(db, accountId), [])
  })

  test('the list comes newest first, by pages [LIVE-20]', async ({ database: { db }, channel }) => {
    await passes.insertCodes(db, { channelId: channel.id, eventId: null }, { count: 5 })
    const first = await passes.listPasses(db, channel.id, { limit: 3 })
    const rest = await passes.listPasses(db, channel.id, { limit: 3, after: first.next ?? '' })
    const ids = [...first.items, ...rest.items].map(({ id }) => id)
    assert.equal([ids.length, ids, rest.next], [5, [...ids].sort().reverse(), null])
  })
}

function testLostRights(test: StoreTest) {
  test('a lost right is one row an account, newer each time [LIVE-20]', async ({ database: { db } }) => {
    const accountId = newId()
    const since = isoTime(new Date(Date.now() - 60_000))
    await insertLostRight(db, accountId)
    await db('live_lost_rights').where({ accountId }).update({ lostAt: since })
    await insertLostRight(db, accountId)
    const rows = (await lostRightsSince(db, since)).filter((row) => row.accountId === accountId)
    assert.is(rows.length, 1)
    assert.ok((rows[0]?.lostAt ?? '') > since)
  })
}
