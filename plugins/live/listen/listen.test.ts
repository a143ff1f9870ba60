import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { freePort } from '../../../test/tools/servers.ts'
import * as contract from '../contract.ts'
import { PipedSource, RawSource } from '../icecast/test-kit.ts'
import { titlesOf } from '../icecast/titles.ts'
import { until } from '../ingest/test-kit.ts'
import { channelWithKey, eventually, type LiveApp, liveApp } from '../testdata/kit.ts'
import { Publisher } from '../testdata/publisher.ts'
import { type Heard, inspect, tune } from './test-kit.ts'

const host = 'main.test'
interface Scene extends LiveApp {
  port: number
  rtmpsPort: number
  sources: PipedSource[]
  dir: string
}
const test = suite<Scene>('listening to a channel')
test.before(async (context) => {
  const dir = await mkdtemp(join(tmpdir(), 'veza-listen-'))
  const [port, rtmpsPort] = [await freePort(), await freePort()]
  const environment = {
    VEZA_PLUGINS_LIVE_GRACE_S: '2',
    VEZA_ICECAST_PORT: String(port),
    VEZA_RTMPS_PORT: String(rtmpsPort),
    ...makeCertificate(dir),
  }
  const app = await liveApp({ roles: ['web', 'worker', 'ingest'], sites: ['second'], environment })
  Object.assign(context, app, { port, rtmpsPort, sources: [], dir })
})
test.after(async ({ app, sources, dir }) => {
  for (const source of sources) source.stop()
  await app.close()
  await rm(dir, { recursive: true })
})

function makeCertificate(dir: string): Record<string, string> {
  const [certFile, keyFile] = [join(dir, 'cert.pem'), join(dir, 'key.pem')]
  const request =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=main.test'
  execFileSync('openssl', [...request.split(' '), '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' })
  return { VEZA_RTMPS_CERT_FILE: certFile, VEZA_RTMPS_KEY_FILE: keyFile }
}

const channelOf = async ({ app }: LiveApp, slug: string) =>
  (await app.call(contract.getChannel, { params: { slug } })).body
const onAir = (context: LiveApp, slug: string) =>
  eventually(`"${slug}" going live`, async () => {
    const channel = await channelOf(context, slug)
    return channel.status === 'live' && !channel.isInterrupted ? channel : null
  })
const listen = ({ app }: LiveApp, rest: string, headers: Record<string, string> = {}): Promise<Heard> =>
  tune(`${app.url}/listen/${rest}`, { host, ...headers })

async function setTitle(port: number, key: string, song: string): Promise<number> {
  const url = `http://127.0.0.1:${port}/admin/metadata?mode=updinfo&mount=/radio&song=${encodeURIComponent(song)}`
  return (await fetch(url, { headers: { authorization: `Basic ${btoa(`source:${key}`)}` } })).status
}

test('an Icecast set is heard as MP3, AAC and Opus, with its titles in step [LIVE-05] [BEY-02]', async (context) => {
  const { app, ctx, port, sources } = context
  const { key } = await channelWithKey(ctx, 'radio')
  assert.is((await listen(context, 'radio')).status, 404)
  const socket = await app.socket()
  socket.send({ op: 'join', id: 'j', channel: contract.channelRoom.name, params: { slug: 'radio' } })
  sources.push(new PipedSource(port, 'mp3', { host, mount: '/radio.mp3', key }))
  const { playback, streamId } = await onAir(context, 'radio')
  assert.equal([playback?.hasVideo, playback?.hasAudio, playback?.listen], [false, true, '/listen/radio'])
  assert.is(await setTitle(port, key, "Léa - L'été"), 200)
  const told = await socket.until((frame) => frame.type === 'title')
  assert.is((told.data as contract.SongTitle).title, "Léa - L'été")
  const heard = [
    await listen(context, 'radio'),
    await listen(context, 'radio.aac'),
    await listen(context, 'radio', { accept: 'audio/ogg, */*;q=0.1' }),
  ]
  assert.equal(
    heard.map(({ headers }) => headers['content-type']),
    ['audio/mpeg', 'audio/aac', 'audio/ogg'],
  )
  assert.is(Buffer.from(String(heard[0]!.headers['icy-name']), 'latin1').toString(), 'Channel radio')
  await until(() => heard.every(({ titles }) => titles.includes("Léa - L'été")), 'the title in all formats')
  await until(() => heard.every(({ sound }) => sound.length >= 48_000), 'some seconds of sound')
  const found = await Promise.all(heard.map(({ sound }) => inspect(sound)))
  assert.equal(
    found.map(({ what }) => what),
    ['mp3,48000,2', 'aac,48000,2', 'opus,48000,2'],
  )
  for (const { what, seconds } of found) assert.ok(seconds > 1.5, `${what}: ${seconds} s`)
  await until(() => heard[0]!.sound.length > 0, 'sound')
  assert.is((await channelOf(context, 'radio')).viewers, 3)
  assert.equal(
    (await titlesOf(ctx.db, [streamId!])).get(streamId!)?.map(({ title }) => title),
    ["Léa - L'été"],
  )

  const admin = await app.addAccount({ roles: ['admin'] })
  await app.as(admin).call(contract.endStream, { params: { slug: 'radio' } })
  await until(() => heard.every(({ isEnded }) => isEnded), 'the end of all responses')
  await sources[0]!.closed()
  socket.close()
})

test('a listener stays while the source is away, and hears it again', async (context) => {
  const { ctx, port, sources } = context
  const { key } = await channelWithKey(ctx, 'steady')
  const first = new PipedSource(port, 'aac', { host, mount: '/steady', key })
  sources.push(first)
  await onAir(context, 'steady')
  const heard = await listen(context, 'steady.aac', { 'icy-metadata': '0' })
  await until(() => heard.sound.length > 10_000, 'sound')
  assert.is(heard.headers['icy-metaint'], undefined)
  first.stop()
  await eventually('the interruption', async () => (await channelOf(context, 'steady')).isInterrupted)
  const before = heard.sound.length
  const second = new PipedSource(port, 'aac', { host, mount: '/steady', key })
  sources.push(second)
  await until(() => heard.sound.length > before + 10_000, 'sound of the second')
  second.stop()
  await until(() => heard.isEnded, 'the end after the grace time')
  assert.is((await inspect(heard.sound)).what, 'aac,44100,1')
})

test('who asks without listening, in a wrong way or for nothing, is answered at once; members only means members only [BEY-02] [LIVE-20]', async (context) => {
  const { app, ctx, port, sources } = context
  const { key } = await channelWithKey(ctx, 'quiet')
  sources.push(new PipedSource(port, 'aac', { host, mount: '/quiet', key }))
  await onAir(context, 'quiet')
  const ask = (rest: string, init: RequestInit & { host?: string } = {}) =>
    app.request(`/listen/${rest}`, init)
  const head = await ask('quiet.mp3', { method: 'HEAD' })
  assert.equal([head.status, head.headers.get('content-type')], [200, 'audio/mpeg'])
  assert.is((await ask('quiet', { method: 'POST' })).status, 405)
  assert.is((await ask('quiet', { method: 'OPTIONS' })).status, 204)
  for (const bad of ['nobody', 'quiet.exe', 'quiet/x', '..%2f', ''])
    assert.is((await ask(bad)).status, 404, bad)
  const stranger = await listen(context, 'quiet.aac')
  await ctx.db('live_channels').where({ slug: 'quiet' }).update({ access: 'members' })
  const member = await app.addAccount()
  const signedIn = { method: 'HEAD', headers: { authorization: `Bearer ${member.accessToken}` } }
  await eventually(
    'the channel to be closed',
    async () => (await ask('quiet.aac', { method: 'HEAD' })).status === 403,
  )
  const closed = await ask('quiet.aac', signedIn)
  assert.equal([closed.status, closed.headers.get('access-control-allow-origin')], [200, null])
  assert.is(closed.headers.get('cross-origin-resource-policy'), 'same-origin')
  const heard = await listen(context, 'quiet.aac', signedIn.headers)
  await until(() => stranger.isEnded, 'the end for who may not listen any more')
  const before = heard.sound.length
  await until(() => heard.sound.length > before, 'more for who may')
  heard.close()
  const m3u = await ask('quiet.m3u')
  assert.equal([m3u.status, m3u.headers.get('content-type')], [200, 'audio/x-mpegurl; charset=utf-8'])
  assert.match(await m3u.text(), /^#EXTM3U\n#EXTINF:-1,Channel quiet\nhttps?:\/\/.*\/listen\/quiet\.mp3\n$/)
  assert.match(await (await ask('quiet.pls')).text(), /^\[playlist\]\nNumberOfEntries=1\nFile1=http/)
  assert.is((await ask('quiet', { host: 'second.test' })).status, 404)
})

test('sound alone over RTMPS is on air, shown to its DJ as an address, and heard [LIVE-01] [BEY-02]', async (context) => {
  const { app, ctx, port, rtmpsPort } = context
  const admin = await app.addAccount({ roles: ['admin'] })
  const { ingest } = (await app.as(admin).call(contract.myChannels)).body
  assert.is(ingest.rtmps, `rtmps://main.test:${rtmpsPort}/live`)
  assert.equal(ingest.icecast, { host: 'main.test', port })
  const { key } = await channelWithKey(ctx, 'secret-line')
  const url = `rtmps://127.0.0.1:${rtmpsPort}/live/${key}`
  const publisher = new Publisher(url, { audioOnly: true, tcUrl: 'rtmps://main.test/live' })
  const { playback } = await onAir(context, 'secret-line')
  assert.equal([playback?.hasVideo, playback?.hasAudio], [false, true])
  const heard = await listen(context, 'secret-line.aac', { 'icy-metadata': '0' })
  await until(() => heard.sound.length > 10_000, 'sound')
  heard.close()
  await publisher.vanish()
  assert.is((await inspect(heard.sound)).what, 'aac,48000,2')
})

test('a key opens only its own channel on its own site, and guessing ends [LIVE-05] [LIVE-02]', async (context) => {
  const { ctx, port } = context
  const { key } = await channelWithKey(ctx, 'mine')
  await channelWithKey(ctx, 'other')
  const attempt = async (mount: string, at: string, password: string) => {
    const peer = new RawSource(port)
    peer.ask(`PUT ${mount} HTTP/1.1`, { Host: at, 'Content-Type': 'audio/mpeg' }, password)
    await peer.closed()
    return peer.received
  }
  assert.match(await attempt('/other', host, key), /403[\s\S]*This key is for the channel \/mine\./)
  assert.match(await attempt('/mine', 'second.test', key), /401[\s\S]*not known here/)
  assert.match(await attempt('/mine', 'third.test', key), /403[\s\S]*No site answers/)
  for (let i = 0; i < 20; i++) assert.match(await attempt('/mine', host, `wrong${i}`), /401|Too many/)
  assert.match(await attempt('/mine', host, key), /403[\s\S]*Too many wrong stream keys/)
  assert.equal(
    await ctx
      .db('live_streams')
      .whereIn('channelId', ctx.db('live_channels').select('id').where({ slug: 'mine' })),
    [],
  )
})

test.run()
