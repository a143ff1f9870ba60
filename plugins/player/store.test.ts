import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import { migrate } from '../../server/db/index.ts'
import { databaseKinds, type TestDatabase, testDatabase } from '../../test/kit/databases.ts'
import type { Queue } from './contract.ts'
import { disownPlays, insertPlays, listPlays, type Play, removeNobodysPlays, removePlaysOf } from './plays.ts'
import { listPositions, removePosition, removePositionsOf, savePosition } from './positions.ts'
import { findQueue, nearIds, removeQueue, saveQueue, withoutTracks } from './queues.ts'

const migrations = [{ owner: 'player', folder: new URL('./migrations/', import.meta.url) }]
const deviceId = newId()
const queueOf = (trackIds: string[], more: Partial<Queue> = {}): Queue => ({
  trackIds,
  index: 0,
  positionMs: 1500,
  from: { id: 'release:1', title: 'Low Tide', href: '/releases/low-tide' },
  shuffleSeed: null,
  order: null,
  repeat: 'all',
  keys: [{ key: 'secret', trackIds: [deviceId] }],
  isPlaying: true,
  deviceId,
  deviceName: 'Firefox on Linux',
  ...more,
})
const playOf = (more: Partial<Play> = {}): Play => ({
  startId: newId(),
  accountId: null,
  trackId: newId(),
  heardMs: 30_000,
  playedAt: new Date().toISOString(),
  ...more,
})

for (const kind of databaseKinds) {
  const test = suite<{ database: TestDatabase }>(`player store on ${kind}`)
  test.before(async (context) => {
    context.database = await testDatabase(kind)
    await migrate(context.database, migrations)
  })
  test.after(({ database }) => database.close())

  test('a queue is as it was saved, by its last writer [PLAY-05]', async ({ database: { db } }) => {
    const me = newId()
    assert.is(await findQueue(db, me), null)
    const queue = queueOf([newId(), newId()], { order: [1, 0], shuffleSeed: 7 })
    await saveQueue(db, me, queue)
    const other = { ...queue, deviceId: newId(), deviceName: 'Phone', isPlaying: false, index: 1 }
    const updatedAt = await saveQueue(db, me, other)
    assert.equal(await findQueue(db, me), { ...other, updatedAt })
    await removeQueue(db, me)
    assert.is(await findQueue(db, me), null)
  })

  test('a start is one play, however often it is told [PLAY-13]', async ({ database: { db } }) => {
    const [one, other] = [playOf(), playOf()]
    assert.is((await insertPlays(db, [one])).length, 1)
    assert.equal(
      (await insertPlays(db, [one, other])).map(({ startId }) => startId),
      [other.startId],
    )
    assert.equal(await insertPlays(db, []), [])
  })

  test('a history has its own plays, last first, in pages, and what is taken out stays a play [PLAY-13]', async ({
    database: { db },
  }) => {
    const accountId = newId()
    const plays = [playOf({ accountId }), playOf({ accountId }), playOf({ accountId })]
    for (const play of plays) await insertPlays(db, [play])
    await insertPlays(db, [playOf({ accountId: newId() })])
    const first = await listPlays(db, accountId, { limit: 2 })
    const rest = await listPlays(db, accountId, { limit: 2, after: first.next ?? '' })
    assert.equal(
      [...first.items, ...rest.items].map(({ startId }) => startId),
      plays.map(({ startId }) => startId).reverse(),
    )
    assert.is(rest.next, null)
    const [latest] = first.items
    assert.is(await disownPlays(db, newId(), latest?.id), 0)
    assert.is(await disownPlays(db, accountId, latest?.id), 1)
    assert.is((await listPlays(db, accountId, { limit: 9 })).items.length, 2)
    assert.equal(await insertPlays(db, plays), [])
    await disownPlays(db, accountId)
    assert.equal((await listPlays(db, accountId, { limit: 9 })).items, [])
  })

  test('plays go with their track, and those of nobody by time', async ({ database: { db } }) => {
    const old = '2020-01-01T00:00:00.000Z'
    const accountId = newId()
    const kept = playOf({ accountId, playedAt: old })
    const forgotten = playOf({ playedAt: old })
    await insertPlays(db, [kept, forgotten])
    await removeNobodysPlays(db, '2021-01-01T00:00:00.000Z')
    assert.equal(
      (await insertPlays(db, [kept, forgotten])).map(({ startId }) => startId),
      [forgotten.startId],
    )
    await removePlaysOf(db, kept.trackId)
    assert.equal((await listPlays(db, accountId, { limit: 9 })).items, [])
  })

  test('a place is remembered once a track, latest first, 200 an account [PLAY-14]', async ({
    database: { db },
  }) => {
    const accountId = newId()
    const trackIds = Array.from({ length: 201 }, () => newId())
    for (const [at, trackId] of trackIds.entries())
      await savePosition(db, { accountId, trackId, positionMs: at })
    const latest = trackIds.at(-1) ?? ''
    await savePosition(db, { accountId, trackId: latest, positionMs: 5 })
    const rows = await listPositions(db, accountId)
    assert.is(rows.length, 200)
    assert.is(rows.find(({ trackId }) => trackId === latest)?.positionMs, 5)
    await removePosition(db, accountId, latest)
    await removePositionsOf(db, { trackId: rows[50]?.trackId ?? '' })
    assert.is((await listPositions(db, accountId)).length, 198)
    await removePositionsOf(db, { accountId })
    assert.equal(await listPositions(db, accountId), [])
  })
  test.run()
}

const pure = suite('a saved queue')
pure('without some tracks keeps what was present, and the order of its shuffle [PLAY-05]', () => {
  const queue = queueOf(['a', 'b', 'c', 'd'], { index: 2, order: [2, 0, 3, 1] })
  assert.is(withoutTracks(queue, new Set()), queue)
  const left = withoutTracks(queue, new Set(['a', 'x']))
  assert.equal(
    [left.trackIds, left.index, left.order, left.positionMs],
    [['b', 'c', 'd'], 1, [1, 2, 0], 1500],
  )
  const next = withoutTracks(queue, new Set(['c']))
  assert.equal([next.trackIds[next.index], next.positionMs], ['d', 0])
  const none = withoutTracks(queue, new Set(['a', 'b', 'c', 'd']))
  assert.equal([none.trackIds, none.index, none.order], [[], -1, []])
})
pure('shows a hundred tracks about the present one, in the order in which they play', () => {
  const ids = Array.from({ length: 300 }, (_, at) => `${at}`)
  const near = nearIds(queueOf(ids, { index: 150 }))
  assert.equal([near.length, near[0], near[20]], [100, '130', '150'])
  const order = ids.map((_, at) => 299 - at)
  assert.equal(nearIds(queueOf(ids, { index: 299, order })).slice(0, 2), ['299', '298'])
})
pure.run()
