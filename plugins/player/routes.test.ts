import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { identity } from '#contract'
import { trackRemoved } from '#plugins/catalog'
import { newId } from '#sdk'
import { type Client, type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { unzip } from '../../test/kit/unzip.ts'
import * as contract from './contract.ts'
import player from './index.ts'
import { type Shelf, shelf, startedAgo } from './testdata/catalog.ts'

interface Context {
  app: TestApp
  music: Shelf
  ann: TestAccount
  as: Client
}
const test = suite<Context>('listening')
test.before(async (context) => {
  context.music = shelf()
  context.app = await testApp({ plugins: [context.music.plugin, player] })
})
test.before.each(async (context) => {
  context.ann = await context.app.addAccount()
  context.as = context.app.as(context.ann)
  context.music.counted.length = 0
})
test.after(({ app }) => app.close())

const queueOf = (trackIds: string[], more: Partial<contract.Queue> = {}): contract.Queue => ({
  trackIds,
  index: 0,
  positionMs: 61_000,
  from: null,
  shuffleSeed: null,
  order: null,
  repeat: 'none',
  keys: [],
  isPlaying: true,
  deviceId: newId(),
  deviceName: 'Firefox on Linux',
  ...more,
})
const heard = (trackId: string, more = {}) => ({
  trackId,
  startId: startedAgo(40_000),
  heardMs: 31_000,
  ...more,
})

test('a queue comes back with its tracks, without those that are gone [PLAY-05]', async ({ as, music }) => {
  assert.is((await as.call(contract.getQueue)).body.queue, null)
  const [one, two] = [music.add(), music.add({ title: 'Breakwater' })]
  const queue = queueOf([newId(), one.id, two.id], { index: 2 })
  const { updatedAt } = (await as.call(contract.saveQueue, { body: queue })).body
  const back = (await as.call(contract.getQueue)).body.queue
  assert.is(back?.updatedAt, updatedAt)
  assert.equal([back?.trackIds, back?.index, back?.positionMs], [[one.id, two.id], 1, 61_000])
  assert.equal(
    back?.tracks.map(({ title }) => title),
    ['Low Tide', 'Breakwater'],
  )
})

test('unlisted tracks of a queue come to the other device with their key, others do not [PLAY-05]', async ({
  as,
  music,
}) => {
  const release = { visibility: 'unlisted' as const }
  const [open, hidden, strange] = [music.add(), music.add({ release }), music.add({ release })]
  const keys = [{ key: 'secret', trackIds: [hidden.id] }]
  const queue = queueOf([strange.id, open.id, hidden.id], { index: 2, keys })
  await as.call(contract.saveQueue, { body: queue })
  const back = (await as.call(contract.getQueue)).body.queue
  assert.equal([back?.trackIds, back?.index, back?.positionMs], [[open.id, hidden.id], 1, 61_000])
  assert.equal([back?.keys, back?.tracks.map(({ id }) => id)], [keys, [open.id]])
})

test('saving tells the account’s other browsers, and nobody else may listen [PLAY-05]', async ({
  app,
  ann,
  as,
  music,
}) => {
  const track = music.add()
  const place = { channel: contract.deviceChannel.name, params: { accountId: ann.id } }
  const [own, strange, guest] = [
    await app.socket(ann),
    await app.socket(await app.addAccount()),
    await app.socket(),
  ]
  for (const socket of [own, strange, guest]) socket.send({ op: 'join', id: 1, ...place })
  await own.until(({ op }) => op === 'joined')
  for (const socket of [strange, guest]) assert.is((await socket.until(({ id }) => id === 1)).op, 'refused')
  const queue = queueOf([track.id])
  await as.call(contract.saveQueue, { body: queue })
  const { data } = (await own.until(({ type }) => type === 'saved')) as { data: Record<string, unknown> }
  assert.equal(
    [data.deviceId, data.deviceName, data.isPlaying, data.trackId, data.positionMs],
    [queue.deviceId, 'Firefox on Linux', true, track.id, 61_000],
  )
  for (const socket of [own, strange, guest]) socket.close()
})

test('a queue that is none is refused', async ({ as }) => {
  const bad = [
    { index: -2 },
    { repeat: 'twice' },
    { deviceName: '' },
    { from: { id: 'x', title: '', href: '//evil' } },
  ]
  for (const part of [...bad, { trackIds: ['no id'] }, { isAdmin: true }]) {
    const { status } = await as.callRaw(contract.saveQueue as never, { body: { ...queueOf([]), ...part } })
    assert.is(status, 422, JSON.stringify(part))
  }
})

test('a play counts once, for guests and accounts, and is in the history of who heard it [PLAY-13]', async ({
  app,
  ann,
  as,
  music,
}) => {
  const track = music.add()
  const told = heard(track.id)
  const answers = await Promise.all(
    [told, told, heard(track.id)].map((body) => as.call(contract.countPlay, { body })),
  )
  assert.equal(
    answers.map(({ status }) => status),
    [204, 204, 204],
  )
  assert.is((await as.call(contract.countPlay, { body: told })).status, 204)
  assert.is((await app.call(contract.countPlay, { body: heard(track.id) })).status, 204)
  const { id: trackId } = track
  const own = { trackId, accountId: ann.id }
  assert.equal(music.counted, [own, own, { trackId, accountId: null }])
  const { items } = (await as.call(contract.listHistory)).body
  assert.equal(
    items.map(({ track: { title } }) => title),
    ['Low Tide', 'Low Tide'],
  )
  const first = items[0]?.id ?? ''
  const stranger = app.as(await app.addAccount())
  assert.is((await stranger.call(contract.removeHistoryItem, { params: { id: first } })).status, 404)
  assert.is((await as.call(contract.removeHistoryItem, { params: { id: first } })).status, 204)
  assert.is((await as.call(contract.listHistory)).body.items.length, 1)
  assert.is((await as.call(contract.clearHistory)).status, 204)
  assert.equal((await as.call(contract.listHistory)).body.items, [])
  await as.call(contract.countPlay, { body: told })
  assert.is(music.counted.length, 3)
})

test('forged plays do not count: too short, too soon, unknown, hidden, too many [PLAY-13]', async ({
  app,
  as,
  music,
}) => {
  const track = music.add()
  const own = music.add({ release: { visibility: 'members' } })
  const secret = music.add({ release: { visibility: 'unlisted' } })
  const ask = async (body: object, client: Client = app) => {
    const answer = await client.callRaw(contract.countPlay as never, { body })
    return `${answer.status} ${answer.problem}`
  }
  assert.is(await ask(heard(track.id, { heardMs: 5000 })), '409 player.not-heard')
  assert.is(await ask(heard(track.id, { startId: startedAgo(1000) })), '409 player.not-heard')
  assert.is(await ask(heard(track.id, { startId: startedAgo(-9e9) })), '409 player.not-heard')
  assert.is(
    await ask(heard(track.id, { startId: '9f0c4f9e-52f5-4c53-8e0a-3c1f5a8f9d10' })),
    '409 player.not-heard',
  )
  assert.is(await ask(heard(newId())), '404 not-found')
  assert.is(await ask(heard(own.id)), '404 not-found')
  assert.is(await ask(heard(secret.id)), '404 not-found')
  assert.is(await ask(heard(secret.id, { key: 'secret' })), '204 null')
  assert.is(await ask(heard(track.id, { accountId: newId() })), '422 invalid-input')
  const forged = await Promise.all(Array.from({ length: 60 }, () => ask(heard(track.id))))
  assert.ok(forged.filter((answer) => answer === '204 null').length <= 30)
  assert.ok(forged.includes('429 too-many-requests'))
  assert.is(await ask(heard(own.id), as), '204 null')
})

test('a play that cannot be written is not acknowledged, and the next one is [PLAY-13]', async ({
  as,
  music,
}) => {
  const track = music.add()
  const told = heard(track.id)
  music.trouble = new Error('no room')
  assert.is((await as.call(contract.countPlay, { body: told })).status, 500)
  assert.equal((await as.call(contract.listHistory)).body.items, [])
  music.trouble = null
  assert.is((await as.call(contract.countPlay, { body: told })).status, 204)
  assert.is(music.counted.length, 1)
})

test('where a long track was left is remembered, short ones are not [PLAY-14]', async ({ as, music }) => {
  const [set, song] = [music.add({ durationMs: 3_900_000 }), music.add()]
  const save = (trackId: string, positionMs: number | null) =>
    as.call(contract.savePosition, { params: { trackId }, body: { positionMs } })
  assert.is((await save(set.id, 3_731_000)).status, 204)
  assert.is((await save(song.id, 100_000)).status, 204)
  assert.is((await save(newId(), 100_000)).status, 404)
  const { items, longerThanMs } = (await as.call(contract.listPositions)).body
  assert.is(longerThanMs, 900_000)
  assert.equal(
    items.map(({ positionMs, track }) => [positionMs, track.id]),
    [[3_731_000, set.id]],
  )
  await save(set.id, 9e7)
  assert.is((await as.call(contract.listPositions)).body.items[0]?.positionMs, 3_900_000)
  await save(set.id, null)
  assert.equal((await as.call(contract.listPositions)).body.items, [])
})

test('a removed track takes its plays and places along; the queue skips it', async ({ app, as, music }) => {
  const set = music.add({ durationMs: 3_900_000 })
  await as.call(contract.countPlay, { body: heard(set.id) })
  await as.call(contract.savePosition, { params: { trackId: set.id }, body: { positionMs: 5 } })
  await app.site.events.eventsFor('test').emit(app.site.database.db, trackRemoved, { trackId: set.id })
  await app.jobs.drain()
  for (const table of ['player_plays', 'player_positions'])
    assert.is((await app.site.database.db(table).where({ trackId: set.id })).length, 0, table)
})

test('an account takes its listening away with it [PROF-10]', async ({ app, as, ann, music }) => {
  const set = music.add({ durationMs: 3_900_000 })
  await as.call(contract.saveQueue, { body: queueOf([set.id]) })
  await as.call(contract.countPlay, { body: heard(set.id) })
  await as.call(contract.savePosition, { params: { trackId: set.id }, body: { positionMs: 5 } })
  await as.call(identity.exportData)
  await app.jobs.drain()
  const { items } = (await as.call(identity.listExports)).body
  const { pathname, search } = new URL(items[0]?.url ?? '', app.url)
  const answer = await app.request(pathname + search, { headers: { cookie: ann.cookie } })
  const archive = unzip(Buffer.from(await answer.arrayBuffer()))
  const told = JSON.parse(archive.get('player.json')?.toString() ?? 'null')
  assert.equal(told.queue.trackIds, [set.id])
  assert.equal([told.history[0].trackId, told.history[0].heardMs], [set.id, 31_000])
  assert.equal(told.positions[0].positionMs, 5)
  assert.not.match(JSON.stringify(told), 'deviceId')
})

test('an account that is deleted leaves nothing behind but numbers [PROF-10]', async ({
  app,
  ann,
  as,
  music,
}) => {
  const set = music.add({ durationMs: 3_900_000 })
  await as.call(contract.saveQueue, { body: queueOf([set.id]) })
  await as.call(contract.countPlay, { body: heard(set.id) })
  await as.call(contract.savePosition, { params: { trackId: set.id }, body: { positionMs: 5 } })
  const { db } = app.site.database
  await app.site.events.eventsFor('test').emit(db, identity.accountDeleted, { accountId: ann.id })
  await app.jobs.drain()
  for (const table of ['player_queues', 'player_plays', 'player_positions'])
    assert.is((await db(table).where({ accountId: ann.id })).length, 0, table)
  assert.is((await db('player_plays').where({ trackId: set.id })).length, 1)
})

test.run()
