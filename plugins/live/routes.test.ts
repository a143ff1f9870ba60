import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Route } from '#contract'
import { newId } from '#sdk'
import type { TestAccount } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import * as contract from './contract.ts'
import { findPublisher, insertKey } from './stream-keys.ts'
import { findStream, insertStream, listStopRequests, markEnded, markLive, type Stream } from './streams.ts'
import { type LiveApp, liveApp } from './testdata/kit.ts'

interface People {
  artist: TestAccount
  other: TestAccount
  admin: TestAccount
  fan: TestAccount
}
type RouteTest = Test<LiveApp & People & { slug: string }>
const recording = { durationMs: 60_000, sizeBytes: 18_000_000, segments: 30 }
let channels = 0

for (const kind of databaseKinds) {
  const test = suite<LiveApp & People & { slug: string }>(`live routes on ${kind}`)
  test.before(async (context) => {
    Object.assign(context, await liveApp({ kind }))
    const { app } = context
    context.artist = await app.addAccount({ roles: ['artist'] })
    context.other = await app.addAccount({ roles: ['artist'] })
    context.admin = await app.addAccount({ roles: ['admin'] })
    context.fan = await app.addAccount()
  })
  test.before.each(async (context) => {
    context.slug = `stage-${++channels}`
    const body = { slug: context.slug, title: 'Stage', description: '' }
    const { status } = await context.app.as(context.artist).call(contract.createChannel, { body })
    assert.is(status, 201)
  })
  test.after(({ app }) => app.close())
  testAccess(test)
  testChannels(test)
  testKeys(test)
  testReplays(test)
  testHls(test)
  testPages(test)
  test.run()
}

async function streamOf({ ctx }: LiveApp, slug: string, state: 'live' | 'ended'): Promise<Stream> {
  const { db } = ctx
  const channel = await db('live_channels').where({ slug }).first()
  const { row } = await insertKey(db, channel.id)
  const { id } = await insertStream(db, { channelId: channel.id, keyId: row.id, title: 'Friday night' })
  await markLive(db, id, { hasVideo: true, hasAudio: true, startedAt: null })
  if (state === 'ended') await markEnded(db, id, { reason: 'unpublished', recording })
  return (await findStream(db, id)) as Stream
}

function testAccess(test: RouteTest) {
  test('what belongs to DJs is closed to visitors, fans and other DJs [LIVE-02]', async (context) => {
    const { app, fan, other, slug } = context
    const { id } = await streamOf(context, slug, 'ended')
    const key = await insertKey(context.ctx.db, (await findStream(context.ctx.db, id))!.channelId)
    const own: [Route, Record<string, string>, unknown?][] = [
      [contract.updateChannel as Route, { slug }, { title: 'Mine now' }],
      [contract.listKeys as Route, { slug }],
      [contract.createKey as Route, { slug }],
      [contract.revokeKey as Route, { id: key.row.id }],
      [contract.getHealth as Route, { slug }],
      [contract.endStream as Route, { slug }],
      [contract.updateReplay as Route, { id }, { title: 'Mine now' }],
      [contract.removeReplay as Route, { id }],
    ]
    for (const [route, params, body] of own) {
      const input = { params, body }
      assert.is((await app.callRaw(route, input)).status, 401, route.path)
      assert.is((await app.as(fan).callRaw(route, input)).problem, 'not-allowed', route.path)
      assert.is((await app.as(other).callRaw(route, input)).problem, 'not-allowed', route.path)
    }
    for (const route of [contract.createChannel, contract.myChannels] as Route[]) {
      const body = route.method === 'POST' ? { slug: 'x-x', title: 'X' } : undefined
      assert.is((await app.callRaw(route, { body })).status, 401, route.path)
      assert.is((await app.as(fan).callRaw(route, { body })).status, 403, route.path)
    }
    assert.is((await findStream(context.ctx.db, id))?.title, 'Friday night')
    assert.ok(await findPublisher(context.ctx.db, key.key))
  })

  test('what is not there is 404, whoever asks', async ({ app, admin }) => {
    const id = newId()
    const missing: [Route, Record<string, string>, unknown?][] = [
      [contract.getChannel as Route, { slug: 'nowhere' }],
      [contract.updateChannel as Route, { slug: 'nowhere' }, { title: 'X' }],
      [contract.listReplays as Route, { slug: 'nowhere' }],
      [contract.listKeys as Route, { slug: 'nowhere' }],
      [contract.createKey as Route, { slug: 'nowhere' }],
      [contract.getHealth as Route, { slug: 'nowhere' }],
      [contract.endStream as Route, { slug: 'nowhere' }],
      [contract.revokeKey as Route, { id }],
      [contract.getReplay as Route, { id }],
      [contract.updateReplay as Route, { id }, { title: 'X' }],
      [contract.removeReplay as Route, { id }],
      [contract.getReplay as Route, { id: "1' or 1=1" }],
    ]
    for (const [route, params, body] of missing)
      assert.is(
        (await app.as(admin).callRaw(route, { params, body })).status,
        404,
        `${route.method} ${route.path}`,
      )
  })

  test('bad input is named, and nothing is changed', async ({ app, artist, slug }) => {
    const client = app.as(artist)
    const bad: [
      Route,
      { params?: Record<string, string>; query?: Record<string, string>; body?: unknown },
    ][] = [
      [contract.createChannel as Route, { body: { slug: 'Not A Slug', title: 'X' } }],
      [contract.createChannel as Route, { body: { slug: 'fine-slug', title: '' } }],
      [contract.createChannel as Route, { body: { slug: 'fine-slug', title: 'X', ownerId: newId() } }],
      [contract.createChannel as Route, { body: { slug: 'fine-slug', title: 7 } }],
      [contract.updateChannel as Route, { params: { slug }, body: { title: 'x'.repeat(121) } }],
      [contract.updateChannel as Route, { params: { slug }, body: { slug: 'other' } }],
      [contract.listChannels as Route, { query: { limit: '0' } }],
      [contract.listChannels as Route, { query: { after: 'x' } }],
      [contract.listReplays as Route, { params: { slug }, query: { limit: '101' } }],
      [contract.recentReplays as Route, { query: { page: '2' } }],
    ]
    for (const [route, input] of bad) {
      const { status } = await client.callRaw(route, input)
      assert.ok(status === 422 || status === 400, `${route.path} answered ${status}`)
    }
    const { body } = await client.call(contract.getChannel, { params: { slug } })
    assert.equal([body.title, body.slug], ['Stage', slug])
  })
}

function testChannels(test: RouteTest) {
  test('a channel is made, changed and shown with what the caller may do', async ({
    app,
    artist,
    admin,
    slug,
  }) => {
    const taken = await app
      .as(admin)
      .call(contract.createChannel, { body: { slug, title: 'X', description: '' } })
    assert.is(taken.problem, 'live.slug-taken')
    const title = 'Après l’aube <b>'
    const changed = await app.as(artist).call(contract.updateChannel, { params: { slug }, body: { title } })
    assert.equal([changed.body.title, changed.body.can.edit], [title, true])
    const seen = await app.call(contract.getChannel, { params: { slug } })
    assert.equal(seen.body, { ...changed.body, can: { edit: false, publish: false } })
    const mine = await app.as(artist).call(contract.myChannels)
    assert.ok(mine.body.items.some((item) => item.slug === slug))
    assert.match(mine.body.ingest.rtmp, /^rtmp:\/\/main\.test:\d+\/live$/)
    const all = await app.as(admin).call(contract.myChannels)
    assert.ok(all.body.items.length >= mine.body.items.length)
  })

  test('live channels lead the list and play at a signed address [LIVE-01]', async (context) => {
    const { app, slug } = context
    const stream = await streamOf(context, slug, 'live')
    const { body } = await app.call(contract.listChannels, { query: { limit: 1 } })
    assert.equal([body.items[0]?.slug, body.items[0]?.streamId], [slug, stream.id])
    const next = await app.call(contract.listChannels, { query: { limit: 100, after: body.next ?? '' } })
    assert.not(next.body.items.some((item) => item.slug === slug))
  })

  test('a channel that is not live has neither health nor an end', async ({ app, artist, slug }) => {
    const health = await app.as(artist).call(contract.getHealth, { params: { slug } })
    assert.equal([health.status, health.body], [200, null])
    const end = await app.as(artist).call(contract.endStream, { params: { slug } })
    assert.is(end.problem, 'live.not-live')
  })

  test('a DJ ends the stream: offline at once, the ingest is asked, and it is on record', async (context) => {
    const { app, artist, slug, ctx } = context
    const { id } = await streamOf(context, slug, 'live')
    const health = await app.as(artist).call(contract.getHealth, { params: { slug } })
    assert.equal([health.body?.streamId, health.body?.status], [id, 'live'])
    assert.is((await app.as(artist).call(contract.endStream, { params: { slug } })).status, 204)
    assert.is((await app.call(contract.getChannel, { params: { slug } })).body.status, 'offline')
    assert.ok((await listStopRequests(ctx.db)).some((request) => request.id === id))
    const entry = await ctx
      .db('audit_entries')
      .where({ action: 'live.stream-stopped', subject: slug })
      .first()
    assert.is(entry?.actorId, artist.id)
  })
}

function testKeys(test: RouteTest) {
  test('a key is shown once, listed by its hint, and worth nothing once revoked [LIVE-02]', async (context) => {
    const { app, artist, slug, ctx } = context
    const made = await app.as(artist).call(contract.createKey, { params: { slug } })
    assert.is(made.status, 201)
    assert.match(made.headers.get('cache-control') ?? '', /no-store/)
    const { key, id } = made.body
    assert.is((await findPublisher(ctx.db, key))?.channel.slug, slug)
    const list = await app.as(artist).call(contract.listKeys, { params: { slug } })
    assert.not(JSON.stringify(list.body).includes(key))
    assert.equal([list.body.items[0]?.id, list.body.items[0]?.hint], [id, key.slice(0, 4)])
    assert.is((await app.as(artist).call(contract.revokeKey, { params: { id } })).status, 204)
    assert.is(await findPublisher(ctx.db, key), null)
    const actions = await ctx.db('audit_entries').where({ subject: slug }).orderBy('id').pluck('action')
    assert.equal(actions, ['live.channel-created', 'live.key-created', 'live.key-revoked'])
    const entries = await ctx.db('audit_entries').where({ subject: slug })
    assert.not(JSON.stringify(entries).includes(key))
  })

  test('revoking a key in use asks the ingest to end its stream [LIVE-02]', async (context) => {
    const { app, admin, slug, ctx } = context
    const stream = await streamOf(context, slug, 'live')
    await app.as(admin).call(contract.revokeKey, { params: { id: stream.keyId } })
    assert.ok((await listStopRequests(ctx.db)).some((request) => request.id === stream.id))
  })
}

function testReplays(test: RouteTest) {
  test('a replay is listed, shown, renamed and removed [LIVE-13]', async (context) => {
    const { app, artist, slug, ctx } = context
    const { id } = await streamOf(context, slug, 'ended')
    const { body } = await app.call(contract.listReplays, { params: { slug } })
    assert.equal([body.items[0]?.id, body.items[0]?.durationMs, body.next], [id, 60_000, null])
    assert.match(body.items[0]?.playback?.hls ?? '', /\/replay\.m3u8$/)
    const recent = await app.call(contract.recentReplays, { query: { limit: 1 } })
    assert.equal(recent.body.items, body.items)
    const renamed = await app
      .as(artist)
      .call(contract.updateReplay, { params: { id }, body: { title: 'Friday' } })
    const shown = await app.call(contract.getReplay, { params: { id } })
    assert.equal([renamed.body.title, shown.body.title], ['Friday', 'Friday'])
    assert.equal([renamed.body.can.remove, shown.body.can.remove], [true, false])
    const { pathname } = new URL(shown.body.playback?.hls ?? '', app.url)
    assert.not.match(await (await app.request(pathname)).text(), /not here any more/)
    assert.is((await app.as(artist).call(contract.removeReplay, { params: { id } })).status, 204)
    assert.is((await app.call(contract.getReplay, { params: { id } })).status, 404)
    assert.equal((await app.call(contract.listReplays, { params: { slug } })).body.items, [])
    assert.match(await (await app.request(pathname)).text(), /not here any more/)
    const entry = await ctx
      .db('audit_entries')
      .where({ action: 'live.replay-removed', subject: slug })
      .first()
    assert.is(entry?.actorId, artist.id)
  })

  test('a stream that waits for its publisher cannot be removed', async (context) => {
    const { app, admin, slug, ctx } = context
    const { id } = await streamOf(context, slug, 'live')
    await ctx.db('live_streams').where({ id }).update({ status: 'interrupted', durationMs: 10_000 })
    assert.is((await app.as(admin).call(contract.removeReplay, { params: { id } })).problem, 'conflict')
  })
}

function testHls(test: RouteTest) {
  test('media is served for a good address only [LIVE-20]', async (context) => {
    const { app, slug } = context
    await streamOf(context, slug, 'live')
    const { body } = await app.call(contract.getChannel, { params: { slug } })
    const hls = body.playback?.hls ?? ''
    const [, , token, id, file] = hls.split('/')
    const statuses = [
      [`/hls/${token}x/${id}/${file}`, 403],
      [`/hls/${token}/${newId()}/${file}`, 403],
      [`/hls/x/${id}/${file}`, 403],
      [`/hls/${token}/${id}/../${id}/${file}`, 404],
      [`/hls/${token}/not-an-id/${file}`, 404],
      [`/hls/${token}/${id}/secret.txt`, 404],
      ['/hls/', 404],
    ] as const
    for (const [path, status] of statuses) assert.is((await app.request(path)).status, status, path)
  })
}

function testPages(test: RouteTest) {
  test('a new title while live goes into the replay', async (context) => {
    const { id } = await streamOf(context, context.slug, 'live')
    const input = { params: { slug: context.slug }, body: { title: 'Renamed on air' } }
    await context.app.as(context.artist).call(contract.updateChannel, input)
    assert.is((await findStream(context.ctx.db, id))?.title, 'Renamed on air')
  })
  test('pages can be read without JavaScript, and names cannot become markup', async (context) => {
    const { app, artist, slug } = context
    await app.as(artist).call(contract.updateChannel, { params: { slug }, body: { title: 'Night <script>' } })
    const { id } = await streamOf(context, slug, 'ended')
    for (const path of ['/live', `/live/${slug}`, `/live/${slug}/replays/${id}`]) {
      const response = await app.request(path)
      const text = await response.text()
      assert.is(response.status, 200, path)
      assert.not.match(text, /Night <script>/)
      assert.match(text, path.endsWith(id) ? /Friday night<\/h1>/ : /Night &lt;script&gt;/)
    }
    const french = await app.request(`/live/${slug}`, { headers: { 'accept-language': 'fr' } })
    assert.match(await french.text(), /Personne n’est à l’antenne/)
    for (const path of ['/live/nowhere', `/live/${slug}/replays/${newId()}`, `/live/${slug}/replays/x`])
      assert.is((await app.request(path)).status, 404, path)
  })
}
