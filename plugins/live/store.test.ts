import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import { newId, ProblemError } from '#sdk'
import { migrate } from '../../server/db/index.ts'
import { databaseKinds, type TestDatabase, testDatabase } from '../../test/kit/databases.ts'
import { type Channel, findChannel, insertChannel, listChannels, updateChannel } from './channels.ts'
import {
  findPublisher,
  hashKey,
  hintOf,
  insertKey,
  listKeys,
  listKeysByHint,
  revokeKey,
} from './stream-keys.ts'
import {
  findStream,
  getReplay,
  insertStream,
  listOpenStreams,
  listReplays,
  listStopRequests,
  markEnded,
  markInterrupted,
  markLive,
  markRemoved,
  requestStop,
  type Stream,
  streamsOnAir,
} from './streams.ts'

const migrations = [{ owner: 'live', folder: new URL('./migrations/', import.meta.url) }]
const recording = { durationMs: 60_000, sizeBytes: 18_000_000, segments: 30 }
const both = { hasVideo: true, hasAudio: true, startedAt: null }

type LiveTest = Test<{ database: TestDatabase; channel: Channel }>

for (const kind of databaseKinds) {
  const test = suite<{ database: TestDatabase; channel: Channel }>(`live store on ${kind}`)
  test.before(async (context) => {
    context.database = await testDatabase(kind)
    await migrate(context.database, migrations)
  })
  test.before.each(async (context) => {
    context.channel = await makeChannel(context.database)
  })
  test.after(({ database }) => database.close())
  testChannels(test)
  testKeys(test)
  testStreams(test)
  test.run()
}

function makeChannel({ db }: TestDatabase): Promise<Channel> {
  const slug = `c-${newId().slice(-12)}`
  return insertChannel(db, { slug, title: slug, description: '', ownerId: null })
}

function makeStream({ db }: TestDatabase, channel: Channel, keyId = newId()): Promise<Stream> {
  return insertStream(db, { channelId: channel.id, keyId, title: channel.title })
}

function testChannels(test: LiveTest) {
  test('an address is given to one channel only', async ({ database, channel }) => {
    const again = { slug: channel.slug, title: 'Another', description: '', ownerId: null }
    const error = await insertChannel(database.db, again).catch((thrown: unknown) => thrown)
    assert.ok(error instanceof ProblemError)
    assert.is(error.problem.name, 'live.slug-taken')
    assert.is((await findChannel(database.db, channel.slug))?.title, channel.title)
  })

  test('a change without values changes nothing', async ({ database, channel }) => {
    await updateChannel(database.db, channel.id, {})
    await updateChannel(database.db, channel.id, { description: 'Deep house' })
    const found = await findChannel(database.db, channel.slug)
    assert.equal([found?.title, found?.description], [channel.title, 'Deep house'])
  })

  test('channels page with those on air first, each once [LIVE-01]', async ({ database }) => {
    const made: Channel[] = []
    for (let i = 0; i < 7; i++) made.push(await makeChannel(database))
    const first = [made[1]!.id, made[4]!.id]
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await listChannels(database.db, { after, limit: 2, first })
      seen.push(...page.items.map((item) => item.id))
      after = page.next ?? undefined
    } while (after)
    assert.equal(seen.slice(0, 2), [made[4]!.id, made[1]!.id])
    assert.is(new Set(seen).size, seen.length)
    assert.ok(made.every((channel) => seen.includes(channel.id)))
  })
}

function testKeys(test: LiveTest) {
  test('a key is 128 random bits of which only the hash and 4 characters are stored [LIVE-02]', async ({
    database,
    channel,
  }) => {
    const { key, row } = await insertKey(database.db, channel.id)
    assert.match(key, /^[0-9a-f]{32}$/)
    assert.is(row.hint, hintOf(key))
    const stored = await database.db('live_stream_keys').where({ id: row.id }).first()
    assert.not(JSON.stringify(stored).includes(key))
    assert.is(stored.keyHash, hashKey(key))
    assert.is.not((await insertKey(database.db, channel.id)).key, key)
  })

  test('a key finds its channel until it is revoked [LIVE-02]', async ({ database, channel }) => {
    const { key, row } = await insertKey(database.db, channel.id)
    assert.is((await findPublisher(database.db, key))?.channel.id, channel.id)
    assert.is(await findPublisher(database.db, `${key.slice(1)}0`), null)
    assert.is(await findPublisher(database.db, row.keyHash), null)
    assert.is(await revokeKey(database.db, row.id), true)
    assert.is(await revokeKey(database.db, row.id), false)
    assert.is(await findPublisher(database.db, key), null)
    assert.equal(await listKeysByHint(database.db, row.hint), [])
    assert.is((await listKeys(database.db, channel.id)).length, 1)
  })
}

function testStreams(test: LiveTest) {
  test('a stream is on air from its first media until its end [LIVE-01]', async ({ database, channel }) => {
    const { db } = database
    const { id } = await makeStream(database, channel)
    const onAir = async () => (await streamsOnAir(db, [channel.id])).get(channel.id)
    assert.is(await onAir(), undefined)
    await markLive(db, id, both)
    assert.is((await onAir())?.hasVideo, true)
    await markInterrupted(db, id, recording)
    assert.is((await onAir())?.status, 'interrupted')
    assert.is(await markEnded(db, id, { reason: 'grace-over', recording }), true)
    assert.is(await markEnded(db, id, { reason: 'kicked', recording }), false)
    assert.is(await onAir(), undefined)
    assert.is((await findStream(db, id))?.endReason, 'grace-over')
  })

  test('a resumed stream keeps the time of its start [LIVE-02]', async ({ database, channel }) => {
    const { db } = database
    const { id } = await makeStream(database, channel)
    const startedAt = await markLive(db, id, both)
    await markInterrupted(db, id, recording)
    await markLive(db, id, { ...both, startedAt })
    const stream = await findStream(db, id)
    assert.equal([stream?.startedAt, stream?.interruptedAt, stream?.status], [startedAt, null, 'live'])
  })

  test('replays are what ended or waits, with media, and not removed [LIVE-13]', async ({
    database,
    channel,
  }) => {
    const { db } = database
    const make = async () => (await makeStream(database, channel)).id
    const [live, waiting, ended, empty, removed] = [
      await make(),
      await make(),
      await make(),
      await make(),
      await make(),
    ]
    await markLive(db, live, both)
    await markInterrupted(db, waiting, recording)
    await markEnded(db, ended, { reason: 'unpublished', recording })
    await markEnded(db, empty, {
      reason: 'unpublished',
      recording: { durationMs: 0, sizeBytes: 0, segments: 0 },
    })
    await markEnded(db, removed, { reason: 'unpublished', recording })
    await markRemoved(db, removed)
    const page = await listReplays(db, { channelId: channel.id, limit: 10 })
    assert.equal(
      page.items.map((item) => item.id),
      [ended, waiting],
    )
    for (const id of [live, empty, removed])
      assert.instance(await getReplay(db, id).catch((error: unknown) => error), ProblemError)
  })

  test('replays page from the newest to the oldest without doubles [LIVE-13]', async ({
    database,
    channel,
  }) => {
    const { db } = database
    const made: string[] = []
    for (let i = 0; i < 5; i++) {
      const { id } = await makeStream(database, channel)
      await markEnded(db, id, { reason: 'unpublished', recording })
      made.unshift(id)
    }
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await listReplays(db, { channelId: channel.id, after, limit: 2 })
      seen.push(...page.items.map((item) => item.id))
      after = page.next ?? undefined
    } while (after)
    assert.equal(seen, made)
  })

  test('a request to stop names the streams of a key and takes them off the page at once', async ({
    database,
    channel,
  }) => {
    const { db } = database
    const keyId = newId()
    const { id } = await makeStream(database, channel, keyId)
    const other = await makeStream(database, channel)
    await markLive(db, id, both)
    assert.is(await requestStop(db, { keyId }, 'kicked'), 1)
    assert.ok((await listStopRequests(db)).some((request) => request.id === id))
    assert.not((await listStopRequests(db)).some((request) => request.id === other.id))
    assert.is((await streamsOnAir(db)).get(channel.id), undefined)
    assert.ok((await listOpenStreams(db)).some((open) => open.id === id))
    await markEnded(db, id, { reason: 'kicked', recording })
    assert.is(await requestStop(db, { id }, 'kicked'), 0)
  })
}
