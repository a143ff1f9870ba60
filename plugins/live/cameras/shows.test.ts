import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import { migrate } from '../../../server/db/index.ts'
import { databaseKinds, type TestDatabase, testDatabase } from '../../../test/kit/databases.ts'
import { type Channel, insertChannel } from '../channels.ts'
import { up as makeTables } from '../migrations/0001-live.ts'
import { up as addCameras } from '../migrations/0002-cameras.ts'
import { insertKey, listKeys } from '../stream-keys.ts'
import {
  findStream,
  getReplay,
  insertStream,
  listReplays,
  markEnded,
  markInterrupted,
  markLive,
  markRemoved,
  type Stream,
  setClock,
  streamsOnAir,
} from '../streams.ts'
import { choicesOf, titleOf, updateCamera, updateChoice } from './cameras.ts'
import { leadShow, listHidden } from './shows.ts'

const migrations = [{ owner: 'live', folder: new URL('../migrations/', import.meta.url) }]
const recording = { durationMs: 60_000, sizeBytes: 18_000_000, segments: 30 }
const nothing = { durationMs: 0, sizeBytes: 0, segments: 0 }
const both = { hasVideo: true, hasAudio: true, startedAt: null }

type ShowTest = Test<{ database: TestDatabase; channel: Channel }>

for (const kind of databaseKinds) {
  const test = suite<{ database: TestDatabase; channel: Channel }>(`live shows on ${kind}`)
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
  testCameras(test)
  testOnAir(test)
  testReplays(test)
  test('streams of before are shows of their own, of camera 1 [LIVE-10]', async () => {
    const old = await testDatabase(kind)
    try {
      await makeTables(old.db)
      const [id, channelId, createdAt] = [newId(), newId(), '2026-01-01T20:00:00.000Z']
      await old.db('live_channels').insert({ id: channelId, slug: 'old', title: 'Old', createdAt })
      const row = { id, channelId, keyId: newId(), title: 'Old', status: 'ended', createdAt }
      await old.db('live_streams').insert(row)
      await addCameras(old.db)
      const [stream] = await old.db<Stream>('live_streams')
      assert.equal([stream?.showId, stream?.camera, stream?.isMain], [id, 1, true])
    } finally {
      await old.close()
    }
  })
  test.run()
}

/** Camera 1 begins the show, the others join it. */
async function show({ db }: TestDatabase, channel: Channel, cameras: number[]): Promise<Stream[]> {
  const streams: Stream[] = []
  for (const camera of cameras) {
    const input = { channelId: channel.id, keyId: newId(), title: channel.title, camera }
    const stream = await insertStream(db, { ...input, showId: streams[0]?.showId })
    await markLive(db, stream.id, both)
    streams.push(stream)
  }
  return streams
}
const end = ({ db }: TestDatabase, id: string, recorded = recording) =>
  markEnded(db, id, { reason: 'unpublished', recording: recorded })

function testCameras(test: ShowTest) {
  test('a key belongs to camera 1 unless another is named [LIVE-02]', async ({
    database: { db },
    channel,
  }) => {
    await insertKey(db, channel.id)
    await insertKey(db, channel.id, 3)
    const keys = await listKeys(db, channel.id)
    assert.equal(
      keys.map(({ camera }) => camera),
      [3, 1],
    )
  })

  test('choices are kept, and what is not named stays as it is [LIVE-10]', async ({ database, channel }) => {
    const { db } = database
    const { id } = channel
    const chosen = async () => (await choicesOf(db, [id])).get(id)
    assert.equal(await chosen(), { mainCamera: 1, audioCamera: null, cameras: [] })
    await updateChoice(db, id, { mainCamera: 2, audioCamera: 1 })
    await updateChoice(db, id, { audioCamera: null })
    await updateCamera(db, { channelId: id, camera: 2 }, { title: 'Decks' })
    await updateCamera(db, { channelId: id, camera: 2 }, { offsetMs: -40 })
    await updateCamera(db, { channelId: id, camera: 3 }, {})
    const cameras = [{ channelId: id, camera: 2, title: 'Decks', offsetMs: -40 }]
    assert.equal(await chosen(), { mainCamera: 2, audioCamera: null, cameras })
    assert.equal([titleOf(2, cameras), titleOf(3, cameras)], ['Decks', 'Camera 3'])
  })
}

function testOnAir(test: ShowTest) {
  test('viewers get the chosen camera with the others beside it, by the rows alone [LIVE-10]', async (context) => {
    const { database, channel } = context
    const { db } = database
    const [first, second] = await show(database, channel, [1, 2])
    const onAir = async () => (await streamsOnAir(db, [channel.id])).get(channel.id)
    assert.equal([(await onAir())?.id, (await onAir())?.angles.length], [first?.id, 2])
    await updateChoice(db, channel.id, { mainCamera: 2, audioCamera: 1 })
    assert.equal([(await onAir())?.id, (await onAir())?.sound?.id], [second?.id, first?.id])
    await markInterrupted(db, second!.id, recording)
    assert.equal([(await onAir())?.id, (await onAir())?.status], [first?.id, 'live'])
    await markLive(db, second!.id, both)
    await end(database, first!.id)
    assert.equal([(await onAir())?.id, (await onAir())?.angles], [second?.id, []])
  })

  test('a show begins with the first of its cameras [LIVE-10]', async ({ database, channel }) => {
    const [first, second] = await show(database, channel, [1, 2])
    const { db } = database
    const startedAt = '2020-11-22T20:00:00.000Z'
    await markLive(db, first!.id, { ...both, startedAt })
    await updateChoice(db, channel.id, { mainCamera: 2 })
    const onAir = (await streamsOnAir(db, [channel.id])).get(channel.id)
    assert.equal([onAir?.id, onAir?.since], [second?.id, startedAt])
  })
}

function testReplays(test: ShowTest) {
  const listed = async ({ db }: TestDatabase, channel: Channel) =>
    (await listReplays(db, { channelId: channel.id, limit: 10 })).items.map(({ camera }) => camera)

  test('a show is one replay, whose cameras lie beside it with their clocks [LIVE-10] [LIVE-11]', async (context) => {
    const { database, channel } = context
    const { db } = database
    const [first, second] = await show(database, channel, [1, 2])
    await setClock(db, first!.id, { clockOffsetMs: -100, timeCodeOffsetMs: null })
    await setClock(db, second!.id, { clockOffsetMs: -350, timeCodeOffsetMs: 4_000 })
    for (const { id } of [first!, second!]) await end(database, id)
    assert.equal(await listed(database, channel), [1])
    const replay = await getReplay(db, first!.id)
    assert.equal(
      replay.angles.map(({ id, offsetMs }) => [id, offsetMs]),
      [
        [first!.id, 0],
        [second!.id, -250],
      ],
    )
    const other = await getReplay(db, second!.id)
    assert.equal(
      other.angles.map(({ id, offsetMs }) => [id, offsetMs]),
      [
        [second!.id, 0],
        [first!.id, 250],
      ],
    )
  })

  test('the recordings of two DJs who follow each other on the main camera are both listed', async (context) => {
    const { database, channel } = context
    const { db } = database
    const [first, , again] = await show(database, channel, [1, 2, 1])
    await leadShow(db, first!.showId, 1)
    for (const { id } of await db('live_streams').where({ channelId: channel.id })) await end(database, id)
    assert.equal(await listed(database, channel), [1, 1])
    const replay = await getReplay(db, again!.id)
    assert.equal(
      replay.angles.map(({ camera }) => camera),
      [1, 2],
    )
  })

  test('where the main camera left nothing, or its recording is deleted, another stands for the show', async (context) => {
    const { database, channel } = context
    const [first, second, third] = await show(database, channel, [1, 2, 3])
    await end(database, first!.id, nothing)
    await end(database, third!.id)
    await end(database, second!.id)
    assert.equal(await listed(database, channel), [2])
    await markRemoved(database.db, second!.id)
    assert.equal(await listed(database, channel), [3])
    assert.is((await findStream(database.db, first!.id))?.isMain, false)
  })

  test('a camera that was over before another began is no angle of it', async ({ database, channel }) => {
    const { db } = database
    const [first, second, third] = await show(database, channel, [1, 2, 3])
    for (const { id } of [first!, second!, third!]) await end(database, id)
    const at = (minute: number) => `2026-11-22T20:${minute}:00.000Z`
    await db('live_streams')
      .where({ id: first!.id })
      .update({ startedAt: at(10), endedAt: at(40) })
    await db('live_streams')
      .where({ id: second!.id })
      .update({ startedAt: at(30), endedAt: at(50) })
    await db('live_streams')
      .where({ id: third!.id })
      .update({ startedAt: at(45), endedAt: at(50) })
    const angles = (await getReplay(db, first!.id)).angles
    assert.equal(
      angles.map(({ camera }) => camera),
      [1, 2],
    )
  })

  test('with the last listed recording of a show its hidden ones go', async ({ database, channel }) => {
    const { db } = database
    const [first, second, again] = await show(database, channel, [1, 2, 1])
    await leadShow(db, first!.showId, 1)
    for (const { id } of [first!, second!, again!]) await end(database, id)
    const hidden = async (id: string) => {
      const gone = await listHidden(db, (await findStream(db, id)) as Stream)
      return gone.map((stream) => stream.id)
    }
    assert.equal(await hidden(first!.id), [])
    await markRemoved(db, again!.id)
    assert.equal(await hidden(first!.id), [second!.id])
    assert.equal(await hidden(second!.id), [])
  })
}
