import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isoTime, newId } from '#sdk'
import { migrate } from '../../../server/db/index.ts'
import { databaseKinds, type TestDatabase, testDatabase } from '../../../test/kit/databases.ts'
import { type Channel, insertChannel } from '../channels.ts'
import {
  countClipsOf,
  disownClips,
  findClip,
  insertClip,
  listClips,
  removeClip,
  renameClip,
  setMade,
} from '../clips/clips.ts'
import {
  insertStream,
  listOldestReplays,
  markEnded,
  markRemoved,
  type Stream,
  sumRecordings,
} from '../streams.ts'
import { countChapters, insertCameraMark, insertChapter, marksOf, replaceChapters } from './chapters.ts'
import { findRecordings, setOwnChapters, setRecording, setStoryboard } from './recordings.ts'

const migrations = [{ owner: 'live', folder: new URL('../migrations/', import.meta.url) }]
const at = (second: number) => new Date(1.7e12 + second * 1000).toISOString()

for (const kind of databaseKinds) {
  const test = suite<{ database: TestDatabase; channel: Channel; stream: Stream }>(`replay store on ${kind}`)
  test.before(async (context) => {
    context.database = await testDatabase(kind)
    await migrate(context.database, migrations)
  })
  test.before.each(async (context) => {
    const { db } = context.database
    const slug = `c-${newId().slice(-12)}`
    context.channel = await insertChannel(db, { slug, title: slug, description: '', ownerId: null })
    context.stream = await insertStream(db, { channelId: context.channel.id, keyId: newId(), title: 'x' })
  })
  test.after(({ database }) => database.close())

  test('keeps what is known of a recording, and its storyboard and the mark of its own chapters beside it [LIVE-13]', async ({
    database: { db },
    stream,
  }) => {
    const row = { streamId: stream.id, wholeMs: 5e9, trimStartMs: null, trimEndMs: null, startsMs: 67 }
    await setRecording(db, { ...row, clockJson: [{ atMs: 0, date: at(0) }] })
    await setOwnChapters(db, stream.id)
    const size = { everyMs: 2_000, count: 7, columns: 6, rows: 2, sheets: 1, width: 160, height: 90 }
    const storyboardJson = { ...size, mark: 'x' }
    await setStoryboard(db, stream.id, storyboardJson)
    const cut = { ...row, trimStartMs: 2_000, trimEndMs: 4_000, clockJson: [{ atMs: 0, date: at(2) }] }
    await setRecording(db, cut)
    assert.equal(
      await findRecordings(db, [stream.id, newId()]),
      new Map([[stream.id, { ...cut, hasOwnChapters: true, storyboardJson }]]),
    )
    await setStoryboard(db, stream.id, null)
    assert.is((await findRecordings(db, [stream.id])).get(stream.id)?.storyboardJson, null)
    assert.is((await findRecordings(db, [])).size, 0)
  })

  test('keeps chapters by their dates and puts as many as there may be in their place [LIVE-13]', async ({
    database: { db },
    stream,
  }) => {
    await insertChapter(db, stream.id, { beginsAt: at(9), title: 'later' })
    await insertChapter(db, stream.id, { beginsAt: at(1), title: 'first' })
    const titles = async () => (await marksOf(db, [stream.id])).get(stream.id)?.map(({ title }) => title)
    assert.equal(await titles(), ['first', 'later'])
    const many = Array.from({ length: 500 }, (_none, i) => ({ beginsAt: at(i), title: `${i}` }))
    await replaceChapters(db, stream.id, many)
    assert.is(await countChapters(db, stream.id), 500)
    await replaceChapters(db, stream.id, [])
    assert.is(await titles(), undefined)
  })

  test('keeps changes of the camera beside chapters that are written anew, no more than enough [LIVE-10] [LIVE-13]', async ({
    database: { db },
    stream,
  }) => {
    await insertCameraMark(db, stream.id, { beginsAt: at(5), camera: 2, title: 'Decks' })
    await insertChapter(db, stream.id, { beginsAt: at(1), title: 'First' })
    await replaceChapters(db, stream.id, [{ beginsAt: at(9), title: 'New' }])
    assert.equal(
      (await marksOf(db, [stream.id])).get(stream.id)?.map(({ title, camera }) => [title, camera]),
      [
        ['Decks', 2],
        ['New', null],
      ],
    )
    assert.is(await countChapters(db, stream.id), 1)
    const row = { streamId: stream.id, beginsAt: at(20), camera: 1, title: '' }
    await db('live_chapters').insert(Array.from({ length: 499 }, () => ({ id: newId(), ...row })))
    await insertCameraMark(db, stream.id, { beginsAt: at(30), camera: 3, title: '' })
    assert.is((await marksOf(db, [stream.id])).get(stream.id)?.length, 501)
  })

  test('lists clips that are ready, and all of one’s own, by channel and by stream [LIVE-14]', async ({
    database: { db },
    channel,
    stream,
  }) => {
    const [maker, other] = [newId(), newId()]
    const make = (makerId: string, streamId = stream.id) => {
      const times = { fromAt: at(0), untilAt: at(30), hasVideo: true }
      return insertClip(db, { channelId: channel.id, streamId, makerId, title: 'a', ...times })
    }
    const [first, second, third] = [await make(maker), await make(other), await make(maker, newId())]
    const ready = {
      status: 'ready' as const,
      durationMs: 30_000,
      sizeBytes: 3e9,
      fileKey: 'a/b',
      posterKey: null,
    }
    assert.ok(await setMade(db, first.id, ready))
    assert.ok(await setMade(db, third.id, ready))
    assert.not.ok(await setMade(db, third.id, { status: 'failed' }), 'made once')
    const ids = async (page: { streamId?: string; makerId?: string; after?: string; limit?: number }) =>
      (await listClips(db, { channelId: channel.id, limit: 10, ...page })).items.map(({ id }) => id)
    assert.equal(await ids({}), [third.id, first.id])
    assert.equal(await ids({ makerId: other }), [third.id, second.id, first.id])
    assert.equal(await ids({ streamId: stream.id }), [first.id])
    assert.equal(await ids({ limit: 1 }), [third.id])
    assert.equal(await ids({ after: third.id }), [first.id])
    assert.is(await countClipsOf(db, maker, isoTime(new Date(Date.now() - 60_000))), 2)
    await renameClip(db, first.id, 'b')
    await disownClips(db, maker)
    const kept = await findClip(db, first.id)
    assert.equal([kept?.title, kept?.makerId, kept?.hasVideo, kept?.sizeBytes], ['b', null, true, 3e9])
    await removeClip(db, first.id)
    assert.is(await findClip(db, first.id), null)
  })

  test('adds up recordings and names the oldest that are finished [LIVE-13]', async ({
    database: { db },
    channel,
    stream,
  }) => {
    const before = await sumRecordings(db)
    const recording = { durationMs: 1_000, sizeBytes: 4e9, segments: 1 }
    await markEnded(db, stream.id, { reason: 'unpublished', recording })
    const open = await insertStream(db, { channelId: channel.id, keyId: newId(), title: 'on air' })
    await db('live_streams').where({ id: open.id }).update({ sizeBytes: 1e9 })
    assert.is((await sumRecordings(db)) - before, 5e9)
    const ids = (await listOldestReplays(db, 100)).map(({ id }) => id)
    assert.ok(ids.includes(stream.id))
    assert.not.ok(ids.includes(open.id))
    await markRemoved(db, stream.id)
    assert.is((await sumRecordings(db)) - before, 1e9)
  })

  test.run()
}
