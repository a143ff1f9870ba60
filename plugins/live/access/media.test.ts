import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { TestAccount } from '../../../test/kit/app.ts'
import * as contract from '../contract.ts'
import { cookieNameOf, type Desk } from '../desk.ts'
import { HlsDesk } from '../hls.ts'
import type { FeedServer } from '../media/feed-server.ts'
import { PlaybackTokens } from '../playback-token.ts'
import { eventually, type LiveApp, liveApp } from '../testdata/kit.ts'
import { onAir, openFeed, over, withMedia } from '../testdata/on-air.ts'
import { Rights } from './rights.ts'

interface Context extends LiveApp {
  feed: FeedServer
  ann: TestAccount
  ben: TestAccount
  slug: string
  /** Every file that Ann's player may ask for, playlists first. */
  files: string[]
  hinted: Set<string>
  view: contract.ChannelView
}

const test = suite<Context>('media of a closed stream')

test.before(async (context) => {
  Object.assign(context, await liveApp({ sites: ['other'] }))
  const { app, ctx } = context
  context.feed = await openFeed(ctx)
  context.ann = await app.addAccount()
  context.ben = await app.addAccount()
  const { channel, stream } = await onAir(ctx, { access: 'members' })
  context.slug = channel.slug
  await withMedia(ctx, context.feed, stream)
  context.view = (await as(context, context.ann, channel.slug)) as contract.ChannelView
  context.hinted = new Set()
  context.files = await eventually('every file of the stream', () => filesOf(context))
})
test.after(async ({ app, feed }) => {
  await feed.close()
  await app.close()
})

/** The channel as somebody sees it who sends this cookie, as browsers do. */
async function as({ app }: LiveApp, who: TestAccount | null, slug: string): Promise<contract.ChannelView> {
  const headers: Record<string, string> = who ? { cookie: who.cookie } : {}
  const response = await app.request(`/api/v1/live/channels/${slug}`, { headers })
  return (await response.json()) as contract.ChannelView
}

const get = ({ app }: LiveApp, path: string, headers: Record<string, string> = {}) =>
  app.request(path, { headers })

const uris = (playlist: string) => [
  ...playlist.matchAll(/^[^#\s].*$/gm),
  ...playlist.matchAll(/(?<=URI=")[^"]+/g),
]

/** Follows the playlists down to every segment, part and initialisation segment; null until all are there. */
async function filesOf(context: Context): Promise<string[] | null> {
  const { hls, hlsPlain, dvr, audio } = context.view.playback as contract.Playback
  const found = new Set([hls, hlsPlain, dvr ?? '', audio ?? '', context.view.poster ?? ''])
  for (const path of found) {
    if (!/\.m3u8/.test(path)) continue
    const response = await get(context, path, { cookie: context.ann.cookie })
    if (response.status !== 200) return null
    const folder = path.slice(0, path.lastIndexOf('/') + 1)
    const text = await response.text()
    for (const [uri] of uris(text)) found.add(folder + uri)
    for (const [uri] of text.matchAll(/(?<=PRELOAD-HINT:.*URI=")[^"]+/g)) context.hinted.add(folder + uri)
  }
  const media = [...found].filter((path) => /\.(m4s|mp4)$/.test(path))
  return media.length >= 8 ? [...found] : null
}

test('who may watch has every file, for nobody else to keep [LIVE-20]', async (context) => {
  const { files, hinted, ann } = context
  for (const kind of ['index.m3u8', 'plain.m3u8', 'replay.m3u8', 'sound.m3u8', 'poster-', '.m4s', '.mp4'])
    assert.ok(
      files.some((path) => path.includes(kind)),
      kind,
    )
  for (const path of files) {
    // What is announced for later is waited for.
    if (hinted.has(path)) continue
    const response = await get(context, path, { cookie: ann.cookie })
    const body = await response.arrayBuffer()
    assert.is(response.status, 200, path)
    assert.ok(body.byteLength > 0, path)
    assert.match(response.headers.get('cache-control') ?? '', /^(?:private|no-store)/, path)
    assert.is(response.headers.get('access-control-allow-origin'), null, path)
    assert.is(response.headers.get('referrer-policy'), 'no-referrer', path)
    assert.match(response.headers.get('vary') ?? '', /cookie/, path)
  }
})

test('no file of it is anybody else’s, whatever they send [LIVE-20]', async (context) => {
  const { app, ctx, files, ann, ben, slug } = context
  const bens = await as(context, ben, slug)
  const leaver = await app.addAccount()
  const leavers = await as(context, leaver, slug)
  await ctx.db('sessions').where({ id: leaver.sessionId }).delete()
  const { stream: other } = await onAir(ctx, { access: 'members' })
  const tokens = (hoursAgo: number) =>
    new PlaybackTokens(ctx.signer, cookieNameOf(ctx), () => Date.now() - hoursAgo * 3_600_000)
  const boundTo = { boundTo: ann.cookie.replace('veza_session=', 'cookie ') }
  const tokenOf = (path: string | null | undefined) => path?.split('/')[2] ?? ''
  const strangers: [name: string, token: string, headers: Record<string, string>][] = [
    ['nobody with the link', tokenOf(context.view.playback?.hls), {}],
    ['another member with the link', tokenOf(context.view.playback?.hls), { cookie: ben.cookie }],
    ['another token with the link', tokenOf(context.view.playback?.hls), { authorization: 'Bearer x.y.z' }],
    ['who has signed out', tokenOf(leavers.playback?.hls), {}],
    ['whose session was ended elsewhere', tokenOf(leavers.playback?.hls), { cookie: leaver.cookie }],
    ['who has an old address', tokenOf(tokens(8).address(streamOf(context), 'index', boundTo)), own(ann)],
    [
      'who has the address of another stream',
      tokenOf(tokens(0).address(other.id, 'index', boundTo)),
      own(ann),
    ],
    ['who has an address for all', tokenOf(tokens(0).address(streamOf(context), 'index')), own(ann)],
    ['who has the address of another site', await tokenElsewhere(context), own(ann)],
    ['who makes one up', `zzzzzz~${'A'.repeat(43)}`, own(ann)],
    ['who sends none', '', own(ann)],
  ]
  assert.is.not(tokenOf(bens.playback?.hls), tokenOf(context.view.playback?.hls))
  for (const [name, token, headers] of strangers)
    for (const path of files) {
      const theirs = path.replace(/^\/hls\/[^/]+\//, `/hls/${token}/`)
      const response = await get(context, theirs, headers)
      const text = await response.text()
      assert.is(response.status, 403, `${name}: ${path}`)
      assert.is(response.headers.get('cache-control'), 'no-store')
      assert.not.match(text, /#EXT|ftyp|moof/)
    }
})

const own = ({ cookie }: TestAccount) => ({ cookie })
const streamOf = ({ view }: Context) => view.streamId as string

async function tokenElsewhere({ app }: Context): Promise<string> {
  const { db } = app.siteNamed('other').database
  const account = await app.addAccount({ site: 'other' })
  const { channel } = await onAir({ db } as LiveApp['ctx'], { access: 'members' })
  const headers = { cookie: account.cookie }
  const response = await app.request(`/api/v1/live/channels/${channel.slug}`, { host: 'other.test', headers })
  const view = (await response.json()) as contract.ChannelView
  return view.playback?.hls.split('/')[2] ?? ''
}

test('a closed stream that opens is shared, and an open one that closes is not any more [LIVE-20]', async (context) => {
  const { app, ctx, feed } = context
  const owner = await app.addAccount({ roles: ['artist'] })
  const { channel, stream } = await onAir(ctx, { ownerId: owner.id })
  await withMedia(ctx, feed, stream)
  const before = await as(context, null, channel.slug)
  assert.equal([before.access, before.isLocked, before.poster !== null], ['public', false, true])
  const shared = before.playback?.hls ?? ''
  assert.is((await get(context, shared)).status, 200)
  const input = { params: { slug: channel.slug }, body: { access: 'members' as const } }
  assert.is((await app.as(owner).call(contract.updateChannel, input)).body.access, 'members')
  assert.is((await get(context, shared)).status, 403)
  const locked = await as(context, null, channel.slug)
  assert.equal(
    [locked.access, locked.isLocked, locked.playback, locked.poster],
    ['members', true, null, null],
  )
  assert.is((await as(context, context.ann, channel.slug)).isLocked, false)
})

test('who loses the right has no further segment, and who gets it back has [LIVE-20]', async (context) => {
  const { app, ctx, feed } = context
  const { channel, stream } = await onAir(ctx, { access: 'followers' })
  await withMedia(ctx, feed, stream)
  const fan = await app.addAccount()
  const params = { slug: channel.slug }
  await app.as(fan).call(contract.followChannel, { params })
  const { playback } = await as(context, fan, channel.slug)
  const segment = (playback?.hls ?? '').replace('index.m3u8', 'v0.m4s')
  const status = async () => (await get(context, segment, own(fan))).status
  await eventually('the first segment', async () => (await status()) === 200)
  await app.as(fan).call(contract.unfollowChannel, { params })
  assert.is(await status(), 403)
  await app.as(fan).call(contract.followChannel, { params })
  assert.is(await status(), 200)
})

test('recordings have the same door as what is on air [LIVE-20]', async (context) => {
  const { app, ctx, feed, ann } = context
  const { stream } = await onAir(ctx, { access: 'members' })
  await withMedia(ctx, feed, stream)
  await over(ctx, stream)
  const { body: locked } = await app.call(contract.getReplay, { params: { id: stream.id } })
  assert.equal(
    [locked.isLocked, locked.playback, locked.poster, locked.access],
    [true, null, null, 'members'],
  )
  const response = await get(context, `/api/v1/live/replays/${stream.id}`, own(ann))
  const { playback } = (await response.json()) as contract.Replay
  const { hls = '', audio } = playback ?? {}
  for (const path of [hls, audio ?? '']) {
    assert.is((await get(context, path, own(ann))).status, 200, path)
    assert.is((await get(context, path)).status, 403, path)
  }
})

test('an address that fails is not written into the log, and pages give none away [LIVE-20]', async (context) => {
  const { ctx, view, slug } = context
  const told: unknown[] = []
  const note = (...what: unknown[]) => void told.push(what)
  const log = { debug: note, info: note, warn: note, error: note }
  const db = (() => {
    throw new Error('The database is away.')
  }) as unknown as typeof ctx.db
  const tokens = new PlaybackTokens(ctx.signer, cookieNameOf(ctx))
  const desk = new HlsDesk({
    ctx: { ...ctx, db, log },
    tokens,
    rights: new Rights(db, log),
  } as unknown as Desk)
  const server = createServer((req, res) => {
    const rest = (req.url ?? '').replace(/^\/hls\//, '')
    void desk.handle({ req, res, caller: async () => null }, rest)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const path = view.playback?.hls ?? ''
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: own(context.ann) })
  assert.is(response.status, 503)
  server.close()
  const token = path.split('/')[2] ?? ''
  const written = told.map((entry) => inspect(entry, { depth: 9 })).join()
  assert.equal([told.length > 0, written.includes(token)], [true, false])
  const page = await get(context, `/live/${slug}`)
  assert.match(page.headers.get('referrer-policy') ?? '', /origin|no-referrer/)
  assert.not.match(await page.text(), /\/hls\//)
})

test.run()
