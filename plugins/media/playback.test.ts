import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import type { TestAccount } from '../../test/kit/app.ts'
import { AudioCache } from './audio-cache.ts'
import type { AssetFacts, Audience, Playback } from './contract.ts'
import { PlaybackTokens } from './playback-token.ts'
import { rangeOf } from './serve-file.ts'
import { type MediaApp, mediaApp, send, tone } from './testdata/kit.ts'

interface Context extends MediaApp {
  ann: TestAccount
  ben: TestAccount
  asset: AssetFacts
  other: AssetFacts
}

const test = suite<Context>('playback')
test.before(async (context) => {
  Object.assign(context, await mediaApp())
  const { app, folder, api } = context
  context.ann = await app.addAccount({ roles: ['artist'] })
  context.ben = await app.addAccount({ roles: ['artist'] })
  const ids: string[] = []
  for (const hz of [440, 660])
    ids.push((await send(app, context.ann, await tone(folder, `${hz}.flac`, { hz }))).id)
  await app.jobs.drain()
  const facts = await api.assetsByIds(ids)
  Object.assign(context, { asset: facts.get(ids[0]!), other: facts.get(ids[1]!) })
})
test.after((context) => context.close())

const callOf = (headers: Record<string, string>) => ({
  header: (name: string) => headers[name],
  cookie: () => undefined,
})
const playback = ({ api, asset }: Context, audience: Audience = 'public') =>
  api.playbackOf(asset, audience) as Playback
const parts = (address: string) => address.split('/').slice(1) as [string, string, string, string]

test('everybody’s addresses are one all day, and lead to manifest, playlists, sound and peaks [PLAY-07] [PLAY-11]', async (context) => {
  const { app, api, asset } = context
  const one = playback(context)
  assert.equal(one, playback(context))
  assert.match(one.expiresAt, /T00:00:00.000Z$/)
  const manifest = await (await app.request(one.manifest)).json()
  assert.equal([manifest.version, manifest.sampleRate, manifest.sampleCount], [1, 44_100, 44_100])
  assert.equal(
    [one.hasLossless, one.progressive[0]?.codec, one.progressive[1]?.codec],
    [true, 'mp4a.40.2', 'flac'],
  )
  const folder = one.hls.slice(0, one.hls.lastIndexOf('/'))
  const master = await (await app.request(one.hls)).text()
  for (const line of master.split('\n').filter((line) => line !== '' && !line.startsWith('#'))) {
    const variant = await (await app.request(`${folder}/${line}`)).text()
    const [, file, length, offset] = /URI="([^"]+)",BYTERANGE="(\d+)@(\d+)"/.exec(variant) ?? []
    const range = `bytes=${offset}-${Number(offset) + Number(length) - 1}`
    const init = await app.request(`${folder}/${file}`, { headers: { range } })
    assert.equal([init.status, init.headers.get('content-type')], [206, 'audio/mp4'], line)
    assert.is(Buffer.from(await init.arrayBuffer()).toString('latin1', 4, 8), 'ftyp')
  }
  const peaks = api.waveformOf(asset, 'public')
  for (const url of [peaks?.url, peaks?.detailUrl, peaks?.fineUrl]) {
    const bytes = Buffer.from(await (await app.request(url ?? '')).arrayBuffer())
    assert.equal([bytes.readInt32LE(0), bytes.readUInt32LE(4) & 1], [2, 1])
  }
  assert.is(api.playbackOf({ ...asset, playable: null }, 'public'), null)
  assert.is(api.waveformOf({ ...asset, playable: null }, 'public'), null)
})

test('headers keep sound from other sites, caches of others, and referrers [SEC-11]', async (context) => {
  const { app, ann } = context
  const everybody = await app.request(playback(context).manifest)
  const mine = { authorization: `Bearer ${ann.accessToken}` }
  const bound = await app.request(playback(context, context.api.audienceOf(callOf(mine))).manifest, {
    headers: mine,
  })
  const names = [
    'cache-control',
    'referrer-policy',
    'x-content-type-options',
    'cross-origin-resource-policy',
    'content-security-policy',
  ]
  const rest = ['no-referrer', 'nosniff', 'same-origin', "default-src 'none'; sandbox"]
  const of = (response: Response) => names.map((name) => response.headers.get(name))
  assert.equal(of(everybody), ['public, max-age=3600', ...rest])
  assert.equal(of(bound), ['private, max-age=3600', ...rest])
  assert.is(everybody.headers.get('access-control-allow-origin'), null)
})

test('ranges, validation and HEAD, and no other method [PLAY-07]', async (context) => {
  const { app } = context
  const url = playback(context).progressive[0]?.url ?? ''
  const whole = await app.request(url)
  const bytes = Buffer.from(await whole.arrayBuffer())
  const etag = whole.headers.get('etag') ?? ''
  const ask = async (headers: Record<string, string>, method = 'GET') => {
    const response = await app.request(url, { method, headers })
    return { response, body: Buffer.from(await response.arrayBuffer()) }
  }
  const size = bytes.length
  for (const [range, start, end] of [
    ['bytes=0-0', 0, 0],
    ['bytes=10-19', 10, 19],
    [`bytes=${size - 3}-`, size - 3, size - 1],
    ['bytes=-5', size - 5, size - 1],
    [`bytes=100-${size * 2}`, 100, size - 1],
    [`bytes=-${size * 2}`, 0, size - 1],
  ] as const) {
    const { response, body } = await ask({ range })
    assert.is(response.status, 206, range)
    assert.is(response.headers.get('content-range'), `bytes ${start}-${end}/${size}`)
    assert.ok(body.equals(bytes.subarray(start, end + 1)), range)
  }
  for (const range of [`bytes=${size}-`, 'bytes=-0']) {
    const { response } = await ask({ range })
    assert.equal([response.status, response.headers.get('content-range')], [416, `bytes */${size}`], range)
  }
  for (const range of ['bytes=5-2', 'bytes=0-1,3-4', 'words=1-2', 'bytes=a-b']) {
    const { response, body } = await ask({ range })
    assert.equal([response.status, body.length], [200, size], range)
  }
  assert.is((await ask({ 'if-none-match': `"x", ${etag}` })).response.status, 304)
  assert.is((await ask({ 'if-none-match': '"x"' })).response.status, 200)
  assert.is((await ask({ range: 'bytes=0-0', 'if-range': etag })).response.status, 206)
  assert.is((await ask({ range: 'bytes=0-0', 'if-range': '"x"' })).response.status, 200)
  const { response: head, body } = await ask({}, 'HEAD')
  assert.equal([head.status, head.headers.get('content-length'), body.length], [200, String(size), 0])
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
    assert.equal([(await ask({}, method)).response.status], [405], method)
  assert.equal(rangeOf('bytes=0-', 0), 'outside')
  assert.equal(rangeOf(undefined, 0), 'all')
})

test('an address plays its own file of its own asset and nothing else [SEC-11]', async (context) => {
  const { app, other, ctx, ann } = context
  const { manifest } = playback(context)
  const [prefix, token, id, file] = parts(manifest)
  const status = async (path: string) => (await app.request(path)).status
  assert.is(await status(manifest), 200)
  assert.is(await status(`/${prefix}/${token}/${other.id}/${file}`), 403)
  assert.is(await status(`/${prefix}/${token}/${newId()}/${file}`), 403)
  const [expiry = '', signature = ''] = token.split('.')
  const later = (Number.parseInt(expiry, 36) + 86_400).toString(36)
  const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
  for (const wrong of [
    `${later}.${signature}`,
    `${expiry}.${flipped}`,
    `${expiry}.`,
    expiry,
    '.',
    'x.y',
    '~',
  ])
    assert.ok([403, 404].includes(await status(`/${prefix}/${wrong}/${id}/${file}`)), wrong)
  const deep = (await ctx.db('media_assets').where({ id }).first()).folder
  for (const name of [
    '..',
    '../manifest.json',
    '%2e%2e%2foriginal.flac',
    '..%2foriginal.flac',
    'original.flac',
    `${deep}%2fmanifest.json`,
    'manifest.json/',
    'manifest.json%00',
    'MANIFEST.JSON',
    'constructor',
    '',
  ])
    assert.ok([400, 403, 404].includes(await status(`/${prefix}/${token}/${id}/${name}`)), name)
  for (const rest of ['', token, `${token}/${id}`, `${token}/1/${file}`, `${token}/../${id}/${file}`])
    assert.ok([400, 403, 404].includes(await status(`/${prefix}/${rest}`)), rest)
  // Who it is does not help: the address is what counts.
  const signedIn = { headers: { cookie: ann.cookie } }
  assert.is((await app.request(`/${prefix}/${token}/${other.id}/${file}`, signedIn)).status, 403)
})

test('an address bound to a session works with its cookie or token alone [SEC-11]', async (context) => {
  const { app, api, ann, ben } = context
  const statusOf = async (path: string, headers: Record<string, string>) =>
    (await app.request(path, { headers })).status
  const byCookie = { cookie: `veza_language=fr; ${ann.cookie}` }
  const byToken = { authorization: `Bearer ${ann.accessToken}` }
  assert.equal(api.audienceOf(callOf({})), 'public')
  assert.equal(api.audienceOf(callOf({ cookie: 'veza_language=fr' })), 'public')
  for (const [own, others] of [
    [byCookie, [{}, { cookie: ben.cookie }, byToken, { cookie: ann.cookie.slice(0, -1) }]],
    [byToken, [{}, { authorization: `Bearer ${ben.accessToken}` }, byCookie, { authorization: 'Bearer' }]],
  ] as [Record<string, string>, Record<string, string>[]][]) {
    const { manifest, expiresAt } = playback(context, api.audienceOf(callOf(own)))
    assert.is(await statusOf(manifest, own), 200)
    for (const headers of others) assert.is(await statusOf(manifest, headers), 403, JSON.stringify(headers))
    const leftMs = Date.parse(expiresAt) - Date.now()
    assert.ok(leftMs > 5 * 3_600_000 - 1000 && leftMs <= 6 * 3_600_000, `${leftMs} ms`)
    assert.not.match(manifest, ann.accessToken.slice(-20))
  }
  // A proxy's password is the same for all its people.
  const proxied = { authorization: 'Basic cHJveHk6c2VjcmV0', cookie: ann.cookie }
  const { manifest } = playback(context, api.audienceOf(callOf(proxied)))
  assert.is(await statusOf(manifest, proxied), 200)
  assert.is(await statusOf(manifest, { ...proxied, cookie: ben.cookie }), 403)
})

test('addresses end at their time, by their own clock [SEC-11]', ({ ctx, asset }) => {
  let nowMs = Date.parse('2026-03-01T23:59:59.000Z')
  const tokens = new PlaybackTokens(ctx.signer, 'veza_session', () => nowMs)
  const about = { id: asset.id, epoch: 3 }
  const headers = { cookie: 'veza_session=abc' }
  const tokenOf = (audience: Audience) => tokens.address(about, audience).base.split('/')[2] ?? ''
  const open = tokenOf('public')
  const bound = tokenOf(tokens.audienceOf(headers))
  assert.equal(tokens.check(open, about, {}), { isPublic: true, secondsLeft: 86_401 })
  assert.equal(tokens.check(bound, about, headers), { isPublic: false, secondsLeft: 5 * 3600 + 1 })
  assert.is(tokens.check(bound, about, {}), null)
  for (const wrong of [
    { ...about, epoch: 4 },
    { ...about, id: newId() },
  ])
    assert.is(tokens.check(open, wrong, headers), null)
  nowMs += 5 * 3_600_000
  assert.ok(tokens.check(bound, about, headers))
  nowMs += 2000
  assert.is(tokens.check(bound, about, headers), null)
  assert.ok(tokens.check(open, about, {}))
  nowMs = Date.parse('2026-03-03T00:00:00.000Z')
  assert.is(tokens.check(open, about, {}), null)
})

test('what was revoked stops at once here and within ten seconds elsewhere, new addresses work [SEC-11]', async (context) => {
  const { app, api, ctx, other } = context
  const before = api.playbackOf(other, 'public') as Playback
  assert.is((await app.request(before.manifest)).status, 200)
  let nowMs = Date.now()
  const elsewhere = new AudioCache(ctx.db, () => nowMs)
  assert.is((await elsewhere.find(other.id)).epoch, 0)
  await ctx.db.tx((db) => api.revoke(db, [other.id]))
  assert.is((await app.request(before.manifest)).status, 403)
  nowMs += 10_000
  assert.is((await elsewhere.find(other.id)).epoch, 1)
  const facts = (await api.assetsByIds([other.id])).get(other.id) as AssetFacts
  assert.is((await app.request((api.playbackOf(facts, 'public') as Playback).manifest)).status, 200)
  await api.revoke(ctx.db, [])
})

test('a disk that fails is answered in words, and no address gets into the log [SEC-11]', async (context) => {
  const { app, ctx } = context
  const { manifest } = playback(context)
  const { read } = ctx.storage
  const { error } = ctx.log
  const logged: string[] = []
  ctx.storage.read = () => Promise.reject(new Error('The disk is broken.'))
  ctx.log.error = (fields, message) => void logged.push(JSON.stringify([fields, message]))
  const response = await app.request(manifest)
  Object.assign(ctx.storage, { read })
  Object.assign(ctx.log, { error })
  assert.equal([response.status, logged.length], [503, 1])
  assert.not.ok(logged.some((line) => line.includes(parts(manifest)[1])))
  assert.is((await app.request(manifest)).status, 200)
})

test('listening asks the database once for many ranges, and goes on while it is away [PLAY-07]', async ({
  ctx,
  asset,
}) => {
  let asked = 0
  let isAway = false
  let nowMs = 0
  const counting = ((table: string) => {
    asked += 1
    if (isAway) throw new Error('away')
    return ctx.db(table)
  }) as unknown as typeof ctx.db
  const cache = new AudioCache(counting, () => nowMs)
  await Promise.all(Array.from({ length: 20 }, () => cache.find(asset.id)))
  for (let count = 0; count < 20; count++) await cache.find(asset.id)
  assert.is(asked, 1)
  nowMs = AudioCache.lifeMs + 1
  isAway = true
  assert.ok((await cache.find(asset.id)).files.has('manifest.json'))
  assert.is(asked, 2)
  isAway = false
  nowMs *= 3
  assert.is((await cache.find(newId())).files.size, 0)
})

test.run()
