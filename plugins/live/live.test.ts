import { readdirSync, readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import * as contract from './contract.ts'
import { revokeKey } from './stream-keys.ts'
import { changeSetting, channelWithKey, eventually, type LiveApp, liveApp } from './testdata/kit.ts'
import { Publisher, probe } from './testdata/publisher.ts'

const roles = ['web', 'worker', 'ingest'] as const
const test = suite<LiveApp & { rtmp: string; opened: Publisher[] }>('live with a real encoder')

test.before(async (context) => {
  Object.assign(context, await liveApp({ roles }))
  await waitForEncoders(context, 3)
  context.rtmp = await addressOf(context)
  context.opened = []
})
test.after.each(async ({ opened }) => {
  for (const publisher of opened.splice(0)) await publisher.vanish()
})
test.after(({ app }) => app.close())

/** How long streams wait for an encoder that was lost. */
const waitForEncoders = ({ app, ctx }: LiveApp, graceS: number) => changeSetting(app, ctx, { graceS })

/** The real address with the port that was free, at 127.0.0.1. */
async function addressOf({ app }: LiveApp): Promise<string> {
  const admin = await app.addAccount({ roles: ['admin'] })
  const rtmp = await eventually('the ingest to listen', async () => {
    const { body } = await app.as(admin).call(contract.myChannels)
    return body.ingest.rtmp.includes(':0/') ? null : body.ingest.rtmp
  })
  return rtmp.replace('main.test', '127.0.0.1')
}

const channelOf = async ({ app }: LiveApp, slug: string) =>
  (await app.call(contract.getChannel, { params: { slug } })).body
const isLive = (context: LiveApp, slug: string) =>
  eventually(`"${slug}" going live`, async () => {
    const channel = await channelOf(context, slug)
    return channel.status === 'live' && !channel.isInterrupted ? channel : null
  })
const replayOf = (context: LiveApp, slug: string) =>
  eventually(`the replay of "${slug}"`, async () => {
    const { body } = await context.app.call(contract.listReplays, { params: { slug } })
    return (await channelOf(context, slug)).status === 'offline' ? body.items[0] : null
  })

test('an encoder goes live, is watched, and leaves a replay that plays [LIVE-01] [LIVE-13] [LIVE-16]', async (context) => {
  const { app, ctx, rtmp, opened } = context
  const { key } = await channelWithKey(ctx, 'main-stage')
  const publisher = new Publisher(`${rtmp}/${key}`, { seconds: 8 })
  opened.push(publisher)
  const channel = await isLive(context, 'main-stage')
  const hls = channel.playback?.hls ?? ''
  assert.equal([channel.playback?.hasVideo, channel.playback?.hasAudio], [true, true])
  const master = await app.request(`${hls}?v=viewer-one`)
  assert.is(master.status, 200)
  assert.is(master.headers.get('content-type'), 'application/vnd.apple.mpegurl')
  const video = await app.request(hls.replace('index.m3u8', 'video.m3u8?v=viewer-one'))
  const segment = /^v\d+\.m4s$/m.exec(await video.text())?.[0] ?? ''
  const media = await app.request(hls.replace('index.m3u8', segment))
  assert.is(media.status, 200)
  assert.match(media.headers.get('cache-control') ?? '', /immutable/)
  assert.is((await channelOf(context, 'main-stage')).viewers, 1)

  assert.is(await publisher.ended(), 0)
  const replay = await replayOf(context, 'main-stage')
  assert.ok(replay.durationMs >= 6_000 && replay.durationMs <= 9_500, `${replay.durationMs} ms`)
  const played = await probe(app.url + replay.playback?.hls)
  assert.equal(played.codecs, ['aac', 'h264'])
  assert.ok(Math.abs(played.durationS - replay.durationMs / 1000) < 0.5, `${played.durationS} s`)
})

test('a replay gets one picture of the whole; who knows only the one before is still shown it [LIVE-15]', async (context) => {
  const { app, ctx } = context
  const newest = async () => (await app.call(contract.recentReplays)).body.items[0]
  const get = (poster: string) => {
    const { pathname, search } = new URL(poster, app.url)
    return app.request(pathname + search)
  }
  const isDone = (jobs: { state: string }[]) => jobs.length > 0 && jobs.every(({ state }) => state === 'done')
  const ofWhole = () => ctx.db('jobs').where('payloadJson', 'like', '%isOfWhole%')
  await eventually('the picture', async () => isDone(await ofWhole()))
  const replay = await newest()
  const streamId = replay?.id ?? ''
  const paint = async (isOfWhole: boolean) => {
    const id = await ctx.jobs.enqueue(ctx.db, contract.makePoster, { streamId, isOfWhole })
    await eventually('the job', async () => isDone(await ctx.db('jobs').where({ id })))
    return (await newest())?.poster ?? ''
  }
  const first = replay?.poster ?? ''
  assert.match((await get(first)).headers.get('content-type') ?? '', /^image\/jpeg/)
  // Addresses are signed anew each second.
  const nameOf = (poster: string) => poster.split('/').at(-1)
  assert.is(nameOf(await paint(false)), nameOf(first), 'one asked for while the stream ran comes too late')
  const second = await paint(true)
  assert.equal(
    [nameOf(second) !== nameOf(first), (await get(first)).status, (await get(second)).status],
    [true, 200, 200],
  )
  const third = await paint(true)
  assert.equal(
    [(await get(first)).status, (await get(second)).status, (await get(third)).status],
    [404, 200, 200],
  )
})

test('the DJ is shown what the ingest measures, visitors are not [LIVE-17]', async (context) => {
  const { app, ctx, rtmp, opened } = context
  const admin = await app.addAccount({ roles: ['admin'] })
  const { key } = await channelWithKey(ctx, 'measured')
  const room = { channel: contract.healthRoom.name, params: { slug: 'measured' } }
  opened.push(new Publisher(`${rtmp}/${key}`))
  await isLive(context, 'measured')
  const health = await eventually('a measurement', async () => {
    const { body } = await app.as(admin).call(contract.getHealth, { params: { slug: 'measured' } })
    const isHeard = body !== null && body.audioPeakDb !== null
    return isHeard && body.bitrateKbps > 0 && body.keyFrameIntervalMs > 0 ? body : null
  })
  const isTone = (peakDb: number | null) =>
    assert.ok(peakDb !== null && peakDb < -10 && peakDb > -30, `${peakDb} dB`)
  isTone(health.audioPeakDb)
  assert.equal([health.status, health.width, health.height], ['live', 320, 180])
  assert.ok(Math.abs(health.keyFrameIntervalMs - 1000) < 100, `${health.keyFrameIntervalMs} ms`)
  assert.match(health.videoCodec ?? '', /^avc1/)
  assert.equal(health.notes.length > 0, true)
  const [socket, stranger] = [await app.socket(admin), await app.socket()]
  for (const one of [socket, stranger]) one.send({ op: 'join', id: 'j', ...room })
  assert.is((await stranger.until((frame) => frame.id === 'j')).op, 'refused')
  const heard = await socket.until((frame) => {
    const told = frame.data as contract.Health | undefined
    return frame.type === 'health' && told?.audioPeakDb != null
  }, 'health with the loudness of the tone')
  isTone((heard.data as contract.Health).audioPeakDb)
  socket.close()
  stranger.close()
  const ended = await app.as(admin).call(contract.endStream, { params: { slug: 'measured' } })
  assert.is(ended.status, 204)
  assert.is.not(await opened[0]?.ended(), 0)
  await replayOf(context, 'measured')
})

test('a lost encoder comes back into the same stream; the replay holds both parts [LIVE-02]', async (context) => {
  const { app, ctx, rtmp, opened } = context
  const { key } = await channelWithKey(ctx, 'shaky')
  const first = new Publisher(`${rtmp}/${key}`)
  opened.push(first)
  const { streamId } = await isLive(context, 'shaky')
  // A busy machine takes seconds to start the next encoder.
  await waitForEncoders(context, 60)
  await first.vanish()
  await eventually('the interruption', async () => (await channelOf(context, 'shaky')).isInterrupted)
  opened.push(new Publisher(`${rtmp}/${key}`, { seconds: 4 }))
  assert.is((await isLive(context, 'shaky')).streamId, streamId)
  await waitForEncoders(context, 3)
  const replay = await replayOf(context, 'shaky')
  assert.is(replay.id, streamId)
  const playlist = await app.request((replay.playback?.hls ?? '').replace('replay.m3u8', 'video-replay.m3u8'))
  const text = await playlist.text()
  assert.is(text.split('#EXT-X-DISCONTINUITY\n').length, 2)
  assert.match(text, /#EXT-X-ENDLIST/)
})

test('sound alone can be streamed and replayed [LIVE-01]', async (context) => {
  const { app, ctx, rtmp, opened } = context
  const { key } = await channelWithKey(ctx, 'radio')
  opened.push(new Publisher(`${rtmp}/${key}`, { seconds: 5, audioOnly: true }))
  const channel = await isLive(context, 'radio')
  assert.equal([channel.playback?.hasVideo, channel.playback?.hasAudio], [false, true])
  const replay = await replayOf(context, 'radio')
  assert.equal((await probe(app.url + replay.playback?.hls)).codecs, ['aac'])
})

test('a wrong and a revoked key are refused and leave nothing [LIVE-02]', async (context) => {
  const { ctx, rtmp, opened } = context
  const { key, row } = await channelWithKey(ctx, 'closed')
  await revokeKey(ctx.db, row.id)
  for (const bad of [key, `${key.slice(1)}0`]) {
    const publisher = new Publisher(`${rtmp}/${bad}`, { seconds: 5 })
    opened.push(publisher)
    assert.is.not(await publisher.ended(), 0)
  }
  assert.is((await channelOf(context, 'closed')).status, 'offline')
  assert.equal(await ctx.db('live_streams').where({ keyId: row.id }), [])
})

test('a key revoked in mid-stream puts its encoder off the air [LIVE-02]', async (context) => {
  const { app, ctx, rtmp, opened } = context
  const admin = await app.addAccount({ roles: ['admin'] })
  const { key, row } = await channelWithKey(ctx, 'revoked-live')
  const publisher = new Publisher(`${rtmp}/${key}`)
  opened.push(publisher)
  await isLive(context, 'revoked-live')
  await app.as(admin).call(contract.revokeKey, { params: { id: row.id } })
  assert.is.not(await publisher.ended(), 0)
  assert.ok((await replayOf(context, 'revoked-live')).durationMs > 0)
})

test('a killed ingest comes back by itself and what it received is a replay [LIVE-13]', async (context) => {
  const { ctx, rtmp, opened, app } = context
  const { key } = await channelWithKey(ctx, 'unlucky')
  opened.push(new Publisher(`${rtmp}/${key}`))
  const { streamId } = await isLive(context, 'unlucky')
  process.kill(ingestPid(), 'SIGKILL')
  await eventually('the interruption', async () => (await channelOf(context, 'unlucky')).isInterrupted)
  const replay = await replayOf(context, 'unlucky')
  assert.is(replay.id, streamId)
  assert.equal((await probe(app.url + replay.playback?.hls)).codecs, ['aac', 'h264'])
  context.rtmp = await addressOf(context)
})

/** The ingest child of this very process. */
function ingestPid(): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const child = pids.find((pid) => {
    try {
      const parent = / (\d+)$/.exec(
        readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ').slice(0, 4).join(' '),
      )?.[1]
      return (
        Number(parent) === process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('ingest/main')
      )
    } catch {
      return false
    }
  })
  if (!child) throw new Error('There is no ingest child.')
  return Number(child)
}

test.run()

const sites = suite<LiveApp & { rtmp: string }>('live on two sites')
sites.before(async (context) => {
  Object.assign(context, await liveApp({ roles, sites: ['second'] }))
  context.rtmp = await addressOf(context)
})
sites.after(({ app }) => app.close())

sites(
  'a key of one site is worth nothing at the other, nor is a media address [LIVE-02] [LIVE-20]',
  async (context) => {
    const { app, ctx, rtmp } = context
    const { key } = await channelWithKey(ctx, 'first-stage')
    const wrong = new Publisher(`${rtmp}/${key}`, { seconds: 5, tcUrl: 'rtmp://second.test/live' })
    assert.is.not(await wrong.ended(), 0)
    assert.equal(await ctx.db('live_streams'), [])
    const right = new Publisher(`${rtmp}/${key}`, { seconds: 30, tcUrl: 'rtmp://main.test/live' })
    try {
      const { playback } = await isLive(context, 'first-stage')
      assert.is((await app.request(playback?.hls ?? '')).status, 200)
      assert.is((await app.request(playback?.hls ?? '', { host: 'second.test' })).status, 403)
      const foreign = await app.at('second').call(contract.getChannel, { params: { slug: 'first-stage' } })
      assert.is(foreign.status, 404)
    } finally {
      await right.vanish()
    }
  },
)
sites.run()
