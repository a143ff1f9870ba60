import { mkdir, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import type { TestAccount } from '../../../test/kit/app.ts'
import { insertChannel } from '../channels.ts'
import { getHealth, getStats, listShowTotals, statsCsv } from '../contract.ts'
import { type Desk, recordingPrefix } from '../desk.ts'
import { WatchShare } from '../nodes/watch-share.ts'
import { insertStream, markEnded, markLive, type Stream } from '../streams.ts'
import { type LiveApp, liveApp } from '../testdata/kit.ts'
import { Viewers } from '../viewers.ts'
import { addFigure } from './figure-book.ts'
import { FiguresKeeper } from './figures-desk.ts'
import { listSteps } from './figures-store.ts'

const slug = 'night'
const recording = { durationMs: 40_000, sizeBytes: 1, segments: 10 }

/** A process that counts, with a clock of its own. */
class Counting {
  nowMs: number
  readonly viewers: Viewers
  readonly share: WatchShare
  readonly keeper: FiguresKeeper

  constructor({ ctx }: LiveApp, stream: Pick<Stream, 'id' | 'startedAt'>, atS = 0) {
    this.nowMs = Math.ceil(Date.parse(stream.startedAt ?? '') / 10_000) * 10_000 + atS * 1000
    const now = () => this.nowMs
    this.viewers = new Viewers(() => undefined, now, {
      rememberedSince: (streamId, key) => this.share.rememberedSince(streamId, key),
    })
    this.share = new WatchShare({ db: ctx.db, log: ctx.log, viewers: this.viewers, now })
    const hls = {
      know: async () => undefined,
      showOf: () => ({ id: stream.id, isOnAir: true }),
      onReplay: () => undefined,
      windows: undefined,
    }
    this.keeper = new FiguresKeeper({ ctx, viewers: this.viewers } as unknown as Desk, {
      share: this.share,
      hls,
      now,
    })
  }

  /** Ten seconds go by; those are there then. */
  async pass(stream: Pick<Stream, 'id'>, ...ids: string[]): Promise<void> {
    for (const id of ids) this.viewers.seen(stream.id, id)
    this.viewers.tick()
    await this.keeper.flush()
    this.nowMs += 10_000
  }

  stop(): void {
    this.viewers.stop()
  }
}

interface Context extends LiveApp {
  dj: TestAccount
  stream: Stream
}

const test = suite<Context>('statistics of a channel')
test.before(async (context) => {
  Object.assign(context, await liveApp())
  const { app, ctx } = context
  context.dj = await app.addAccount({ roles: ['artist'] })
  const channel = await insertChannel(ctx.db, {
    slug,
    title: 'Night',
    description: '',
    ownerId: context.dj.id,
  })
  const stream = await insertStream(ctx.db, { channelId: channel.id, keyId: newId(), title: 'First night' })
  const tracks = { hasVideo: true, hasAudio: true, startedAt: null }
  context.stream = { ...stream, startedAt: await markLive(ctx.db, stream.id, tracks) }
})
test.after(({ app }) => app.close())

test('are for who may publish there alone [LIVE-18]', async ({ app, dj }) => {
  const stranger = await app.addAccount({ roles: ['artist'] })
  const member = await app.addAccount()
  const admin = await app.addAccount({ roles: ['admin'] })
  for (const route of [getStats, listShowTotals]) {
    assert.is((await app.callRaw(route, { params: { slug } })).status, 401)
    assert.is((await app.as(member).callRaw(route, { params: { slug } })).status, 403)
    assert.is((await app.as(stranger).callRaw(route, { params: { slug } })).status, 403)
    assert.is((await app.as(admin).callRaw(route, { params: { slug } })).status, 200)
    assert.is((await app.as(dj).callRaw(route, { params: { slug: 'nowhere' } })).status, 404)
  }
  assert.is((await app.as(stranger).callRaw(statsCsv, { params: { slug } })).status, 403)
  const bad = await app.as(dj).callRaw(getStats, { params: { slug }, query: { streamId: 'x' } })
  assert.is(bad.status, 422)
  assert.is((await app.as(dj).call(getStats, { params: { slug }, query: { streamId: newId() } })).status, 404)
})

test('are counted while it runs, go on after a restart, and hold no id of anybody [LIVE-18]', async (context) => {
  const { app, ctx, dj, stream } = context
  const forget = addFigure(ctx, 'chat', async ({ stepS }) => [stepS, 2])
  addFigure(ctx, 'broken', async () => {
    throw new Error('not today')
  })
  // Of the processes that there are, these two keep the figures.
  await ctx.db('live_processes').delete()
  const first = new Counting(context, stream)
  await first.share.start()
  await first.pass(stream, 'anna-anna', 'bert-bert')
  await first.pass(stream, 'anna-anna')
  first.stop()
  // The process died: nothing was said goodbye to. Its viewers come back to the next one.
  await ctx.db('live_watching').update({ changedAt: new Date(first.nowMs).toISOString() })
  await ctx.db('live_audiences').update({ updatedAt: new Date(first.nowMs - 10_000).toISOString() })
  await ctx.db('live_processes').delete()
  const second = new Counting(context, stream, 20)
  await second.share.start()
  await second.pass(stream, 'anna-anna', 'carl-carl')
  second.stop()
  const { body } = await app.as(dj).call(getStats, { params: { slug } })
  assert.equal([body?.streamId, body?.title, body?.endedAt], [stream.id, 'First night', null])
  assert.equal([body?.people, body?.peak, body?.watchS], [3, 2, 60])
  const rows: { viewers: number; joins: number; people: number }[] = await ctx.db('live_steps').orderBy('at')
  assert.equal(
    rows.map(({ viewers, joins, people }) => [viewers, joins, people]),
    [
      [2, 2, 2],
      [2, 0, 0],
      [2, 1, 1],
    ],
  )
  assert.equal(body?.figures, [{ name: 'chat', values: [10, 2] }])
  for (const table of ['live_steps', 'live_audiences', 'live_watching'])
    assert.not.match(JSON.stringify(await ctx.db(table)), /anna|bert|carl/)
  forget()
})

test('tell of the recording what is watched of it, and of past shows their totals [LIVE-18]', async (context) => {
  const { app, ctx, dj, stream } = context
  await markEnded(ctx.db, stream.id, { reason: 'unpublished', recording })
  const folder = ctx.storage.localFolder(recordingPrefix(stream.id))
  await mkdir(folder, { recursive: true })
  const lines = Array.from({ length: 10 }, (_none, seq) =>
    JSON.stringify({ track: 'video', seq, startMs: seq * 4_000, durationMs: 4_000, at: stream.startedAt }),
  )
  await writeFile(join(folder, 'index.jsonl'), `${lines.join('\n')}\n`)
  const counting = new Counting(context, stream)
  const asks = (file: string, agent: string, method = 'GET') =>
    counting.keeper.replayed({ id: stream.id, hasVideo: true }, file, {
      method,
      headers: { 'user-agent': agent },
      url: '/',
      socket: { remoteAddress: '192.0.2.1' },
    } as unknown as IncomingMessage)
  for (const file of ['v0.m4s', 'v1.m4s', 'v2.m4s', 'v3.m4s', 'a9.m4s', 'v-0.mp4'])
    asks(file, 'Firefox/150.0')
  for (const file of ['v0.m4s', 'v9.m4s']) asks(file, 'Lavf/59')
  asks('v5.m4s', 'HEAD only', 'HEAD')
  await counting.keeper.flush()
  await counting.keeper.flush()
  const { body } = await app.as(dj).call(getStats, { params: { slug }, query: { streamId: stream.id } })
  assert.equal(body?.replay, { people: 2, bucketS: 10, viewers: [2, 1, 0, 1] })
  const { body: page } = await app.as(dj).call(listShowTotals, { params: { slug } })
  const [show] = page.items
  assert.equal(
    [
      page.items.length,
      page.next,
      show?.people,
      show?.peak,
      show?.watchS,
      show?.replayPeople,
      show?.durationMs,
    ],
    [1, null, 3, 2, 60, 2, 40_000],
  )
})

test('come as a table, too [LIVE-18]', async ({ app, dj }) => {
  const answer = await app.request(statsCsv.path.replace('{slug}', slug), { headers: { cookie: dj.cookie } })
  assert.is(answer.status, 200)
  assert.is(answer.headers.get('content-type'), 'text/csv; charset=utf-8')
  assert.match(
    answer.headers.get('content-disposition') ?? '',
    /^attachment; filename="night-\d{4}-\d\d-\d\d\.csv"$/,
  )
  assert.match(await answer.text(), /^at,viewers,joins,leaves,delay_ms,delay_p95_ms\r\n\d{4}-/)
  const path = `${statsCsv.path.replace('{slug}', slug)}?streamId=`
  for (const wrong of ['x', '-'.repeat(36), newId()])
    assert.is((await app.request(path + wrong, { headers: { cookie: dj.cookie } })).status, 404, wrong)
})

test('health knows no delay where nothing is measured [LIVE-17]', async ({ app, ctx, dj, stream }) => {
  const next = await insertStream(ctx.db, { channelId: stream.channelId, keyId: newId(), title: 'Second' })
  const { body } = await app.as(dj).call(getHealth, { params: { slug } })
  assert.equal([body?.streamId, body?.delayMs, body?.viewerDelayMs], [next.id, null, null])
})

test('what was counted while the database was away is there once it is back [LIVE-18] [OPS-13]', async ({
  app,
  ctx,
  dj,
}) => {
  const channel = await insertChannel(ctx.db, {
    slug: 'away',
    title: 'Away',
    description: '',
    ownerId: dj.id,
  })
  const { id } = await insertStream(ctx.db, { channelId: channel.id, keyId: newId(), title: 'Away' })
  const startedAt = await markLive(ctx.db, id, { hasVideo: true, hasAudio: true, startedAt: null })
  const stream = { id, startedAt }
  const counting = new Counting({ app, ctx } as LiveApp, stream)
  await counting.pass(stream, 'viewer-one')
  await ctx.db.raw('alter table live_steps rename to live_steps_away')
  await counting.pass(stream, 'viewer-one', 'viewer-two')
  await counting.pass(stream, 'viewer-one', 'viewer-two', 'viewer-three')
  await ctx.db.raw('alter table live_steps_away rename to live_steps')
  await counting.pass(stream, 'viewer-one')
  counting.stop()
  const steps = await listSteps(ctx.db, id)
  assert.equal(steps.map(({ viewers, people }) => [viewers, people]).slice(0, 3), [
    [1, 1],
    [2, 1],
    [3, 1],
  ])
})

test.run()
