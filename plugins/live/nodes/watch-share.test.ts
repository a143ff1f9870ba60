import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Log, newId } from '#sdk'
import { migrate } from '../../../server/db/index.ts'
import { databaseKinds, type TestDatabase, testDatabase } from '../../../test/kit/databases.ts'
import { Viewers } from '../viewers.ts'
import { keyOf, packMembers, unpackMembers } from './members.ts'
import { WatchShare } from './watch-share.ts'
import { listProcesses, listRecentWatching } from './watching.ts'

const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const migrations = [{ owner: 'live', folder: new URL('../migrations/', import.meta.url) }]

/** A process of the site as far as it counts viewers, with a clock of its own. */
class Place {
  nowMs = 1_800_000_000_000
  readonly told: [string, number][] = []
  readonly viewers: Viewers
  readonly share: WatchShare

  constructor({ db }: TestDatabase) {
    this.viewers = new Viewers(
      (streamId, count) => this.told.push([streamId, count]),
      () => this.nowMs,
      { rememberedSince: (streamId, key) => this.share.rememberedSince(streamId, key) },
    )
    this.share = new WatchShare({ db, log, viewers: this.viewers, now: () => this.nowMs })
  }

  see(streamId: string, ...ids: string[]): void {
    for (const id of ids) this.viewers.seen(streamId, id)
  }

  async pass(ms: number): Promise<void> {
    this.nowMs += ms
    this.viewers.tick()
    await this.share.beat()
    this.viewers.tick()
  }
}

const members = suite('viewers as processes tell each other')
members('come out as they went in, whatever they watch on [LIVE-16]', () => {
  const one = {
    key: keyOf('one'),
    sinceS: 1_800_000_000,
    device: 'tv',
    browser: 'apple',
    country: 'FR',
    delayMs: 2_350,
  } as const
  const two = { ...one, key: keyOf('two'), device: 'other', country: null, delayMs: null } as const
  assert.equal(unpackMembers(packMembers([one, two], 2)), [one, two])
  assert.not.ok(packMembers([one], 1).includes('one'))
})
members.run()

for (const kind of databaseKinds) {
  const test = suite<{ database: TestDatabase; places: Place[] }>(`viewers of several processes on ${kind}`)
  test.before(async (context) => {
    context.database = await testDatabase(kind)
    await migrate(context.database, migrations)
  })
  test.before.each((context) => {
    context.places = [new Place(context.database), new Place(context.database)]
  })
  test.after.each(async ({ places, database }) => {
    for (const { share, viewers } of places) {
      viewers.stop()
      await share.stop()
    }
    await database.db('live_watching').delete()
    await database.db('live_processes').delete()
  })
  test.after(({ database }) => database.close())

  test('an id that both saw counts once, and both say the same number [LIVE-16]', async ({ places }) => {
    const [a, b] = places as [Place, Place]
    const stream = newId()
    await a.share.start()
    await b.share.start()
    a.see(stream, 'anna', 'both')
    b.see(stream, 'bert', 'both')
    await a.pass(2_000)
    await b.pass(2_000)
    await a.pass(2_000)
    assert.equal([a.viewers.count(stream), b.viewers.count(stream)], [3, 3])
    assert.equal(
      [a.told.at(-1), b.told.at(-1)],
      [
        [stream, 3],
        [stream, 3],
      ],
    )
    assert.equal([a, b].map(({ share }) => share.isFirst).sort(), [false, true])
  })

  test('who leaves is gone everywhere, and so are those of a process that died [LIVE-16]', async ({
    places,
  }) => {
    const [a, b] = places as [Place, Place]
    const stream = newId()
    await a.share.start()
    await b.share.start()
    a.see(stream, 'anna')
    b.see(stream, 'bert', 'berta')
    await a.pass(2_000)
    await b.pass(2_000)
    assert.is(b.viewers.count(stream), 3)
    for (let i = 0; i < 7; i++) {
      a.see(stream, 'anna')
      b.see(stream, 'bert')
      await b.pass(2_000)
      await a.pass(2_000)
    }
    assert.equal([a.viewers.count(stream), b.viewers.count(stream)], [2, 2])
    // No more is heard of b.
    a.see(stream, 'anna')
    await a.pass(6_000)
    a.see(stream, 'anna')
    await a.pass(6_500)
    assert.equal([a.viewers.count(stream), a.told.at(-1)], [1, [stream, 1]])
  })

  test('a process alone writes nothing while people come and go [LIVE-16]', async ({ places, database }) => {
    const [a] = places as [Place, Place]
    const stream = newId()
    await a.share.start()
    const [before] = await listProcesses(database.db)
    for (let i = 0; i < 5; i++) {
      a.see(stream, `viewer-${i}`)
      await a.pass(2_000)
    }
    assert.equal(await listProcesses(database.db), [before])
    assert.equal(await database.db('live_watching'), [])
    assert.is(a.viewers.count(stream), 5)
  })

  test('after a restart a viewer is known again, with the time of the first sight [LIVE-18]', async (context) => {
    const [a, b] = context.places as [Place, Place]
    const stream = newId()
    await a.share.start()
    a.see(stream, 'anna')
    await a.share.save()
    const since = a.viewers.own(stream)[0]?.sinceS
    b.nowMs += 60_000
    const recent = await listRecentWatching(context.database.db, '2000-01-01T00:00:00.000Z')
    assert.equal(
      recent.map(({ streamId }) => streamId),
      [stream],
    )
    await context.database.db('live_watching').update({ changedAt: new Date(b.nowMs).toISOString() })
    await b.share.start()
    b.see(stream, 'anna', 'new')
    assert.equal(
      b.viewers.own(stream).map(({ sinceS }) => sinceS),
      [since, Math.floor(b.nowMs / 1000)],
    )
  })

  test.run()
}
