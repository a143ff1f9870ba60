import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import { isoTime, newId } from '#sdk'
import { migrate } from '../../../server/db/index.ts'
import { databaseKinds, type TestDatabase, testDatabase } from '../../../test/kit/databases.ts'
import { insertChannel } from '../channels.ts'
import type { LiveContext } from '../settings.ts'
import { insertStream } from '../streams.ts'
import * as store from './figures-store.ts'
import { findShow, listShowsOf, newestShow } from './past-shows.ts'
import { noKinds, type Step } from './show-figures.ts'
import { statsOf, totalsOf } from './stats-view.ts'
import { thin } from './thin.ts'

const migrations = [{ owner: 'live', folder: new URL('../migrations/', import.meta.url) }]
type FiguresTest = Test<{ database: TestDatabase }>
const startMs = Date.parse('2026-05-01T20:00:00.000Z')
const at = (s: number) => isoTime(new Date(startMs + s * 1000))
const kinds = { ...noKinds(), devices: { phone: 2, desktop: 1 } }
const audience = { people: 3, peak: 3, watchS: 60, stays: [2, 1], kinds }

const step = (s: number, viewers: number, people = 0): Step => ({
  at: at(s),
  stepS: 10,
  viewers,
  people,
  joins: people,
  leaves: 0,
  delayMs: 1_200,
  delayP95Ms: null,
})

/** What thinning and views need of a context. */
const contextOf = ({ db }: TestDatabase) =>
  ({ db, settings: { get: () => ({ figuresDays: 90 }) } }) as unknown as LiveContext

async function endedShow({ db }: TestDatabase, more: { showId?: string; channelId?: string } = {}) {
  const slug = `c-${newId().slice(-12)}`
  const channelId =
    more.channelId ?? (await insertChannel(db, { slug, title: slug, description: '', ownerId: null })).id
  const stream = await insertStream(db, { channelId, keyId: newId(), title: 'Night', ...more })
  const times = { status: 'ended', startedAt: at(0), endedAt: at(180), durationMs: 180_000 }
  await db('live_streams').where({ id: stream.id }).update(times)
  return { ...stream, ...times, status: 'ended' as const }
}

for (const kind of databaseKinds) {
  const test = suite<{ database: TestDatabase }>(`figures on ${kind}`)
  test.before(async (context) => {
    context.database = await testDatabase(kind)
    await migrate(context.database, migrations)
  })
  test.after(({ database }) => database.close())
  testFigures(test)
  testThinning(test)
  test.run()
}

function testFigures(test: FiguresTest): void {
  test('told twice, they are there once, and come back whole [LIVE-18]', async ({ database }) => {
    const { db } = database
    const stream = await endedShow(database)
    for (let i = 0; i < 2; i++) {
      await store.saveStep(db, stream.id, step(0, 3, 3))
      await store.saveAudience(db, stream.id, audience)
    }
    await store.saveStep(db, stream.id, step(10, 2))
    const row = { streamId: stream.id, people: 2, buckets: [2, 1], kinds }
    for (const processId of [newId(), newId()]) await store.saveReplay(db, { ...row, processId })
    assert.is((await store.listSteps(db, stream.id)).length, 2)
    const stats = await statsOf(contextOf(database), stream)
    assert.equal(stats.viewers.slice(0, 3), [3, 2, 0])
    assert.equal([stats.stepS, stats.viewers.length, stats.fromAt], [10, 18, at(0)])
    // On air the step that runs is not written yet; that nobody watches since then is.
    const onAir = { ...stream, status: 'live' as const, endedAt: null }
    const until = async (s: number) => (await statsOf(contextOf(database), onAir, startMs + s * 1000)).viewers
    assert.equal(
      [await until(20), await until(29), await until(35)],
      [
        [3, 2],
        [3, 2],
        [3, 2, 0],
      ],
    )
    assert.equal([stats.people, stats.peak, stats.watchS, stats.retention], [3, 3, 60, [0.667, 0.333, 0]])
    assert.equal(stats.devices, [
      { name: 'phone', count: 2 },
      { name: 'desktop', count: 1 },
    ])
    assert.equal(stats.replay, { people: 4, bucketS: 10, viewers: [4, 2] })
    const [totals] = await totalsOf(contextOf(database), [stream])
    assert.equal([totals?.people, totals?.peak, totals?.replayPeople, totals?.durationMs], [3, 3, 4, 180_000])
  })

  test('a show of several cameras is one, and another channel’s is not found [LIVE-18]', async ({
    database,
  }) => {
    const { db } = database
    const first = await endedShow(database)
    const second = await endedShow(database, { showId: first.id, channelId: first.channelId })
    const other = await endedShow(database)
    const { items, next } = await listShowsOf(db, first.channelId, { limit: 10 })
    assert.equal([items.map(({ id }) => id), next], [[first.id], null])
    assert.is((await newestShow(db, first.channelId))?.id, first.id)
    assert.is((await findShow(db, first.channelId, second.id)).id, first.id)
    for (const bad of [other.id, newId(), 'nonsense', "' or 1=1 --"])
      await findShow(db, first.channelId, bad).then(
        () => assert.unreachable(bad),
        (error: { problem?: { name: string } }) => assert.is(error.problem?.name, 'not-found'),
      )
  })
}

function testThinning(test: FiguresTest): void {
  test('old curves are kept by the hour, with the same totals and retention [LIVE-18]', async ({
    database,
  }) => {
    const { db } = database
    const stream = await endedShow(database)
    const context = contextOf(database)
    await store.saveAudience(db, stream.id, audience)
    for (let s = 0; s < 180; s += 10)
      await store.saveStep(db, stream.id, step(s, s === 0 ? 3 : 1, s === 0 ? 3 : 0))
    const before = await statsOf(context, stream)
    await thin(context, startMs + 89 * 86_400_000)
    assert.is((await store.listSteps(db, stream.id)).length, 18)
    for (let i = 0; i < 2; i++) await thin(context, startMs + 91 * 86_400_000)
    const [hour, ...more] = await store.listSteps(db, stream.id)
    assert.equal([hour?.at, hour?.stepS, hour?.viewers, hour?.people, more.length], [at(0), 3_600, 3, 3, 0])
    const after = await statsOf(context, stream)
    assert.equal(
      [after.stepS, after.viewers, after.people, after.peak, after.retention],
      [3_600, [3], before.people, before.peak, before.retention],
    )
  })

  test('what processes counted of a recording becomes one row with the sum [LIVE-18]', async ({
    database,
  }) => {
    const { db } = database
    const stream = await endedShow(database)
    for (const buckets of [
      [2, 1],
      [1, 1, 1],
    ])
      await store.saveReplay(db, { streamId: stream.id, processId: newId(), people: 2, buckets, kinds })
    for (let i = 0; i < 2; i++) await thin(contextOf(database), Date.now() + 2 * 86_400_000)
    const rows = await store.listReplayRows(db, isoTime(new Date(Date.now() + 60_000)))
    const [own, ...others] = rows.filter(({ streamId }) => streamId === stream.id)
    assert.equal([own?.people, own?.buckets, others.length], [4, [3, 2, 1], 0])
    assert.equal(own?.kinds.devices, { phone: 4, desktop: 2 })
  })
}
