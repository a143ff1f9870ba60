import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isoTime, newId } from '#sdk'
import { migrate } from '../../server/db/index.ts'
import { databaseKinds, testDatabase } from '../../test/kit/databases.ts'
import { messageRate } from './message-rate.ts'
import { ensureRoom } from './rooms.ts'

const migrations = [{ owner: 'chat', folder: new URL('./migrations/', import.meta.url) }]
const test = suite('messages of a show’s time')

/** A UUIDv7 of that moment. */
const idAt = (ms: number) => {
  const hex = ms.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-${newId().slice(14)}`
}

for (const kind of databaseKinds)
  test(`are counted by step, of that room and time alone, on ${kind} [LIVE-18]`, async () => {
    const database = await testDatabase(kind)
    await migrate(database, migrations)
    const { db } = database
    const [channelId, from] = [newId(), Date.parse('2026-05-01T20:00:00.000Z')]
    const room = await ensureRoom(db, { slug: 'night', title: 'Night', kind: 'stream', channelId })
    const other = await ensureRoom(db, { slug: 'other', title: 'Other', kind: 'stream', channelId: newId() })
    const say = (roomId: string, s: number) => ({
      id: idAt(from + s * 1000),
      roomId,
      authorId: newId(),
      text: 'hello',
      createdAt: isoTime(new Date(from + s * 1000)),
    })
    const times = [-1, 0, 9.9, 10, 31, 39, 60, 61]
    await db('chat_messages').insert([...times.map((s) => say(room.id, s)), say(other.id, 5)])
    const time = { streamId: newId(), channelId, fromAt: isoTime(new Date(from)), stepS: 10 }
    const untilAt = isoTime(new Date(from + 60_000))
    assert.equal(await messageRate(db, { ...time, untilAt }), [2, 1, 0, 2, 0, 0])
    assert.equal(await messageRate(db, { ...time, untilAt, stepS: 30 }), [3, 2])
    assert.equal(await messageRate(db, { ...time, untilAt, channelId: newId() }), [0, 0, 0, 0, 0, 0])
    await database.close()
  })

test.run()
