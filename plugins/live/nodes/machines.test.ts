import { randomBytes } from 'node:crypto'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openDatabase } from '../../../server/db/index.ts'
import { postgresUrl } from '../../../test/kit/databases.ts'
import { type Publisher, publish } from '../../../test/kit/publisher.ts'
import { type RunningServer, startServer } from '../../../test/kit/server.ts'
import { Visitor } from '../../../test/kit/visitor.ts'
import { eventually } from '../../../test/kit/wait.ts'
import { type ChannelView, type Clip, dateAt, type Health, type Replay, type Simulcast } from '../contract.ts'
import { probe } from '../testdata/publisher.ts'

interface Context {
  schema: string
  /** Takes the stream, does the jobs, serves pages. */
  a: RunningServer
  /** Serves pages alone, from another data folder. */
  b: RunningServer
  publisher: Publisher
  key: string
}

const test = suite<Context>('one label on two machines')
test.before(async (context) => {
  context.schema = `t${randomBytes(5).toString('hex')}`
  const redis = process.env.VEZA_TEST_REDIS_URL
  if (!redis) throw new Error('No Redis for the tests: run them by `npm test`, or set VEZA_TEST_REDIS_URL.')
  const env = {
    VEZA_DATABASE_URL: postgresUrl(),
    VEZA_DATABASE_SCHEMA: context.schema,
    VEZA_DATABASE_POOL_SIZE: '4',
    VEZA_REDIS_URL: redis,
    VEZA_REDIS_PREFIX: context.schema,
    VEZA_SECURITY_INSTANCE_KEY: randomBytes(32).toString('base64'),
  }
  context.a = await startServer({ env })
  const begin = async () => {
    const { stdout } = await context.a.cli(['stream-key', 'create', '--channel', 'stage', '--json'])
    context.key = (JSON.parse(stdout) as { key: string }).key
    context.publisher = goLive(context)
  }
  const [b] = await Promise.all([startServer({ env, roles: ['web'], withOwner: false }), begin()])
  context.b = b
})
test.after(async ({ a, b, publisher, schema }) => {
  await publisher?.kill()
  await Promise.all([a?.close(), b?.close()])
  const database = await openDatabase({ location: postgresUrl(), poolSize: 2 })
  const like = [schema, `${schema}\\_%`]
  const rows = await database.db.raw<{ name: string }[]>(
    'select schema_name as name from information_schema.schemata where schema_name = ? or schema_name like ?',
    like,
  )
  for (const { name } of rows) await database.knex.raw('drop schema ?? cascade', [name])
  await database.close()
})

const goLive = ({ a, key }: Context) => publish({ url: `rtmp://127.0.0.1:${a.rtmpPort}/live`, key })
const ask = async <T>(server: RunningServer, path: string) =>
  (await (await fetch(`${server.url}/api/v1/live/channels/stage${path}`)).json()) as T
const channelAt = (server: RunningServer) => ask<ChannelView>(server, '')
const onAirAt = (server: RunningServer) =>
  eventually('the channel on air', async () => {
    const channel = await channelAt(server)
    return channel.playback && channel.status === 'live' && !channel.isInterrupted ? channel : null
  })
const text = async (address: string) => (await fetch(address)).text()
const beside = (playlist: string, file: string) => playlist.replace(/[^/]+$/, file)
const newestIn = (playlist: string) =>
  Number(
    /v(\d+)\.m4s\s*$/m.exec(
      playlist
        .trimEnd()
        .split('\n')
        .findLast((line) => /^v\d+\.m4s/.test(line)) ?? '',
    )?.[1] ?? -1,
  )

test('what comes in at one is played at the other: low latency, plain, all that was, its picture [LIVE-16]', async ({
  a,
  b,
}) => {
  await onAirAt(a)
  // Long enough on air for segments that have left what the first machine tells anew.
  const playback = (await onAirAt(b)).playback
  const index = b.url + (playback?.hls ?? '')
  assert.match(await text(index), /#EXT-X-STREAM-INF/)
  const low = await eventually('parts at the other machine', async () => {
    const playlist = await text(beside(index, 'video.m3u8'))
    return playlist.includes('#EXT-X-PART:') ? playlist : null
  })
  const part = /#EXT-X-PART:.*URI="([^"]+)"/.exec(low)?.[1] ?? ''
  const sent = await fetch(beside(index, part))
  assert.equal([sent.status, sent.headers.get('content-type')], [200, 'video/mp4'])
  assert.equal((await probe(b.url + playback?.hlsPlain)).codecs, ['aac', 'h264'])

  const dvr = await eventually('the beginning at the other machine', async () => {
    const playlist = await text(beside(b.url + (playback?.dvr ?? ''), 'video-replay.m3u8'))
    return playlist.includes('v2.m4s') ? playlist : null
  })
  assert.match(dvr, /#EXT-X-PLAYLIST-TYPE:EVENT/)
  const [here, there] = await Promise.all(
    [a, b].map(async ({ url }) => {
      const file = await fetch(url + beside(playback?.dvr ?? '', 'v0.m4s'))
      assert.is(file.status, 200)
      return Buffer.from(await file.arrayBuffer())
    }),
  )
  assert.ok(here?.equals(there as Buffer))
  const poster = await eventually('a picture', async () => (await channelAt(b)).poster)
  const picture = await fetch(b.url + poster)
  assert.equal([picture.status, picture.headers.get('content-type')], [200, 'image/jpeg'])
})

test('pictures of what is on air are made and told where it lies, and seen from the other [LIVE-12] [LIVE-16]', async ({
  a,
  b,
}) => {
  const dvr = (await onAirAt(b)).playback?.dvr ?? ''
  const date = await eventually('pictures, told at the other machine', async () => {
    const answer = await fetch(b.url + beside(dvr, 'stills.json'))
    assert.is(answer.status, 200)
    return ((await answer.json()) as { dates: number[] }).dates[0]
  })
  const [here, there] = await Promise.all(
    [a, b].map(async ({ url }) => {
      const picture = await fetch(url + beside(dvr, `still-${date}.jpg`))
      assert.equal([picture.status, picture.headers.get('content-type')], [200, 'image/jpeg'])
      return Buffer.from(await picture.arrayBuffer())
    }),
  )
  assert.ok(here?.equals(there as Buffer))
})

test('both say the same number of viewers, who watches at both counts once [LIVE-16]', async ({ a, b }) => {
  const { playback } = await channelAt(a)
  const watch = (server: RunningServer, id: string) =>
    text(`${server.url}${beside(playback?.hls ?? '', 'video.m3u8')}?v=${id}`)
  await eventually('three viewers at both', async () => {
    await Promise.all([
      watch(a, 'only-at-a'),
      watch(a, 'at-both-1'),
      watch(b, 'at-both-1'),
      watch(b, 'only-at-b'),
    ])
    const [here, there] = await Promise.all([channelAt(a), channelAt(b)])
    return here.viewers === 3 && there.viewers === 3
  })
})

test('what the machine of a stream measures of it, and how it sends it on, is told at the other [LIVE-17] [LIVE-19] [LIVE-16]', async ({
  b,
}) => {
  const there = new Visitor(b)
  await there.signIn()
  const path = '/api/v1/live/channels/stage'
  const health = await eventually('what is measured', async () => {
    const { body } = await there.call<Health>(`${path}/health`)
    return body.bitrateKbps > 0 && body.audioPeakDb !== null ? body : null
  })
  assert.is(health.status, 'live')
  // Not to be connected to, as it is no public address: only the machine that would send it says so.
  const body = { title: 'Inside', url: 'rtmp://127.0.0.1:1/app', key: 'inside' }
  const made = await there.call<Simulcast>(`${path}/simulcasts`, { body })
  assert.is(made.status, 201)
  await eventually('the state of it', async () => {
    const { items } = (await there.call<{ items: Simulcast[] }>(`${path}/simulcasts`)).body
    return items[0]?.state === 'refused'
  })
  const gone = await there.call(`/api/v1/live/simulcasts/${made.body.id}`, { method: 'DELETE' })
  assert.is(gone.status, 204)
})

test('the machine that takes it dies and returns: the other serves what it has, then what comes [LIVE-16]', async (context) => {
  const { a, b } = context
  const { playback } = await channelAt(b)
  const heard = await fetch(`${b.url}/listen/stage.aac`)
  assert.equal([heard.status, heard.headers.get('content-type')], [200, 'audio/aac'])
  const reader = heard.body?.getReader()
  assert.is((await reader?.read())?.value?.[0], 0xff, 'the beginning of a frame of sound')
  await reader?.cancel()
  const plain = b.url + beside(playback?.hlsPlain ?? '', 'video-plain.m3u8')
  const before = newestIn(await text(plain))
  assert.ok(before >= 0)
  await a.kill()
  await context.publisher.kill()
  const away = await text(plain)
  assert.ok(newestIn(away) >= before)
  const kept = await fetch(beside(plain, `v${before}.m4s`))
  assert.is(kept.status, 200)
  await a.restart()
  context.publisher = goLive(context)
  await eventually(
    'new segments at the other machine',
    async () => newestIn(await text(plain)) > newestIn(away) + 1,
  )
})

test('its end and its replay are there, too [LIVE-13] [LIVE-16]', async ({ b, publisher }) => {
  await publisher.stop()
  const replay = await eventually('the replay at the other machine', async () => {
    const { items } = await ask<{ items: Replay[] }>(b, '/replays')
    return (await channelAt(b)).status === 'offline' ? items[0] : null
  })
  const played = await probe(b.url + replay.playback?.hls)
  assert.equal(played.codecs, ['aac', 'h264'])
  assert.ok(Math.abs(played.durationS - replay.durationMs / 1000) < 1, `${played.durationS} s`)
})

test('from either one a recording is cut, saved and clipped where it lies [LIVE-13] [LIVE-14] [LIVE-16]', async ({
  a,
  b,
}) => {
  const there = new Visitor(b)
  const { accessToken } = await there.signIn()
  const saveFrom = (server: RunningServer, headers: Record<string, string> = {}) =>
    fetch(`${server.url}${path}/download`, {
      headers: { authorization: `Bearer ${accessToken}`, ...headers },
    })
  const { items } = await ask<{ items: Replay[] }>(b, '/replays')
  const { id = '', clock = [], durationMs = 0 } = items[0] ?? {}
  const path = `/api/v1/live/replays/${id}`
  const cut = await there.call<Replay>(path, { method: 'PATCH', body: { trimStartMs: 3_000 } })
  assert.equal([cut.status, cut.body.durationMs < durationMs], [200, true])
  const listed = await text(a.url + beside(cut.body.playback?.hls ?? '', 'video-replay.m3u8'))
  assert.not.match(listed, /^v0\.m4s/m)
  const saved = await Promise.all([saveFrom(a), saveFrom(b)])
  const [own, passed] = await Promise.all(
    saved.map(async (answer) => Buffer.from(await answer.arrayBuffer())),
  )
  assert.ok(own && own.length > 10_000 && passed?.equals(own))
  for (const header of ['content-disposition', 'content-type', 'etag'])
    assert.is(saved[1].headers.get(header), saved[0].headers.get(header))
  const some = await saveFrom(b, { range: 'bytes=10-19' })
  assert.is(some.status, 206)
  assert.ok(Buffer.from(await some.arrayBuffer()).equals(own.subarray(10, 20)))

  const [from, until] = [dateAt(clock, 4_000), dateAt(clock, 6_000)]
  const body = { title: 'The drop', streamId: id, from, until }
  const made = await there.call<Clip>('/api/v1/live/channels/stage/clips', { body })
  assert.is(made.status, 201)
  const clipPath = `/api/v1/live/clips/${made.body.id}`
  const video = await eventually('the clip', async () => (await there.call<Clip>(clipPath)).body.video)
  assert.is((await probe(b.url + video)).durationS, 2)
  assert.is((await there.call(clipPath, { method: 'DELETE' })).status, 204)
  assert.is((await fetch(a.url + video)).status, 404)
})

test.run()
