import fc from 'fast-check'
import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import { isoTime, newId } from '#sdk'
import { migrate } from '../../server/db/index.ts'
import { databaseKinds, type TestDatabase, testDatabase } from '../../test/kit/databases.ts'
import { isInForce, listBans, removeBan, setBan } from './bans.ts'
import { removeHere, removeStaleHere, setHere, sumHere } from './here-store.ts'
import { insertMessage, lastSaidAt, listMessages, removeMessage, removeMessagesOf } from './messages.ts'
import { ensureRoom, findRoom, generalRoom, insertRoom, type Room } from './rooms.ts'

const migrations = [{ owner: 'chat', folder: new URL('./migrations/', import.meta.url) }]

for (const kind of databaseKinds) {
  const test = suite<{ database: TestDatabase; room: Room }>(`chat store on ${kind}`)
  test.before(async (context) => {
    context.database = await testDatabase(kind)
    await migrate(context.database, migrations)
  })
  test.before.each(async (context) => {
    const slug = `room-${newId().slice(-12)}`
    context.room = await ensureRoom(context.database.db, { slug, title: slug, kind: 'room', channelId: null })
  })
  test.after(({ database }) => database.close())
  testMessages(test)
  testRoomsAndBans(test)
  test.run()
}

type ChatTest = Test<{ database: TestDatabase; room: Room }>

function testMessages(test: ChatTest) {
  test('ten sends with one clientId store one message and answer it ten times [CHAT-19]', async ({
    database,
    room,
  }) => {
    const message = { roomId: room.id, authorId: newId(), text: 'once', clientId: 'c1' }
    const sends = Array.from({ length: 10 }, () => database.db.tx((db) => insertMessage(db, message)))
    const answers = await Promise.all(sends)
    assert.is(new Set(answers.map((answer) => answer.row.id)).size, 1)
    assert.is(answers.filter((answer) => answer.isNew).length, 1)
    assert.is((await listMessages(database.db, room.id, { limit: 100 })).items.length, 1)
  })

  test('the same clientId of another author or room, and no clientId, are messages of their own [CHAT-19]', async ({
    database: { db },
    room,
  }) => {
    const other = await ensureRoom(db, { slug: `x-${room.slug}`, title: 'x', kind: 'room', channelId: null })
    const one = { roomId: room.id, authorId: newId(), text: 'a', clientId: 'c1' }
    const sends = [one, { ...one, authorId: newId() }, { ...one, roomId: other.id }]
    for (const message of [...sends, { ...one, clientId: null }, { ...one, clientId: null }])
      assert.ok((await insertMessage(db, message)).isNew)
  })

  test('pages both ways meet every message once, whatever their size [CHAT-15]', async ({
    database: { db },
    room,
  }) => {
    const authorId = newId()
    const ids: string[] = []
    for (let n = 0; n < 37; n += 1) {
      const { row } = await insertMessage(db, { roomId: room.id, authorId, text: `${n}`, clientId: null })
      ids.push(row.id)
    }
    const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 0, max: 36 }), async (limits, from) => {
        const older: string[] = []
        let page = await listMessages(db, room.id, { limit: limits[0]! })
        older.unshift(...page.items.map((item) => item.id))
        for (let n = 1; page.before; n += 1) {
          page = await listMessages(db, room.id, { before: page.before, limit: limits[n % limits.length]! })
          older.unshift(...page.items.map((item) => item.id))
        }
        assert.equal(older, ids)
        const newer: string[] = []
        let after: string | null = ids[from]!
        for (let n = 0; after; n += 1) {
          const next = await listMessages(db, room.id, { after, limit: limits[n % limits.length]! })
          newer.push(...next.items.map((item) => item.id))
          after = next.after
        }
        assert.equal(newer, ids.slice(from + 1))
      }),
      { numRuns: 25 },
    )
  })

  test('says on each page whether there is more on either side', async ({ database: { db }, room }) => {
    const message = { roomId: room.id, authorId: newId(), text: 'x', clientId: null }
    const ids: string[] = []
    for (let n = 0; n < 4; n += 1) ids.push((await insertMessage(db, message)).row.id)
    const ends = async (at: { before?: string; after?: string; limit: number }) => {
      const { before, after } = await listMessages(db, room.id, at)
      return [ids.indexOf(before ?? ''), ids.indexOf(after ?? '')]
    }
    assert.equal(await ends({ limit: 4 }), [-1, -1])
    assert.equal(await ends({ limit: 2 }), [2, -1])
    assert.equal(await ends({ before: ids[2]!, limit: 2 }), [-1, 1])
    assert.equal(await ends({ after: ids[0]!, limit: 2 }), [1, 2])
    assert.equal(await ends({ after: ids[1]!, limit: 2 }), [2, -1])
    assert.equal(await ends({ after: ids[0]!.toUpperCase(), limit: 9 }), [1, -1])
  })

  test('keeps the place of a removed message and nothing of its text [CHAT-18]', async ({
    database: { db },
    room,
  }) => {
    const [authorId, by] = [newId(), newId()]
    const message = { roomId: room.id, authorId, text: 'secret', clientId: null }
    const { row } = await insertMessage(db, message)
    assert.ok(await removeMessage(db, row.id, by))
    assert.not.ok(await removeMessage(db, row.id, by))
    const [kept] = (await listMessages(db, room.id, { limit: 5 })).items
    assert.is(kept?.text, null)
    assert.is(kept?.deletedBy, by)
    const more = [await insertMessage(db, message), await insertMessage(db, message)]
    assert.equal(
      await removeMessagesOf(db, room.id, authorId, by),
      more.map((answer) => answer.row.id),
    )
  })

  test('knows when somebody last spoke', async ({ database: { db }, room }) => {
    const authorId = newId()
    assert.is(await lastSaidAt(db, room.id, authorId), 0)
    const { row } = await insertMessage(db, { roomId: room.id, authorId, text: 'x', clientId: null })
    assert.is(await lastSaidAt(db, room.id, authorId), Date.parse(row.createdAt))
  })
}

function testRoomsAndBans(test: ChatTest) {
  test('makes a room once, however many ask at the same time [CHAT-03]', async ({ database: { db } }) => {
    const rooms = await Promise.all(Array.from({ length: 8 }, () => ensureRoom(db, generalRoom)))
    assert.is(new Set(rooms.map((room) => room.id)).size, 1)
    assert.is(await insertRoom(db, generalRoom), null)
    assert.equal(await findRoom(db, 'general'), rooms[0])
    assert.is(rooms[0]?.isClosed, false)
  })

  test('a ban holds until its time, changes when set again, and can be lifted [CHAT-18]', async ({
    database: { db },
    room,
  }) => {
    const ban = { roomId: room.id, accountId: newId(), reason: 'spam', byId: newId(), untilAt: null }
    await setBan(db, ban)
    assert.is((await listBans(db, room.id))[0]?.reason, 'spam')
    await setBan(db, { ...ban, untilAt: isoTime(new Date(Date.now() - 1)) })
    assert.equal(await listBans(db, room.id), [])
    await setBan(db, { ...ban, untilAt: isoTime(new Date(Date.now() + 60_000)) })
    assert.is((await listBans(db, room.id)).length, 1)
    assert.ok(await removeBan(db, room.id, ban.accountId))
    assert.not.ok(await removeBan(db, room.id, ban.accountId))
    assert.not.ok(isInForce({ untilAt: isoTime(new Date(1000)) }, 1000))
  })

  test('adds up the people of all processes and forgets those that are gone', async ({
    database: { db },
    room,
  }) => {
    const [a, b] = [newId(), newId()]
    const now = isoTime()
    await setHere(db, { roomId: room.id, processId: a, people: 2, seenAt: now })
    await setHere(db, { roomId: room.id, processId: a, people: 3, seenAt: now })
    await setHere(db, { roomId: room.id, processId: b, people: 4, seenAt: isoTime(new Date(0)) })
    assert.is(await sumHere(db, room.id, now), 3)
    assert.is(await sumHere(db, room.id, isoTime(new Date(0))), 7)
    await removeStaleHere(db, now)
    await removeHere(db, { processId: a, roomId: room.id })
    assert.is(await sumHere(db, room.id, isoTime(new Date(0))), 0)
  })
}
