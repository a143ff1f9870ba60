import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { insertChannel } from '../plugins/live/channels.ts'
import * as live from '../plugins/live/contract.ts'
import { changeSetting, type LiveApp, liveApp } from '../plugins/live/testdata/kit.ts'
import { recorded } from '../plugins/live/testdata/recorded.ts'
import type { TestAccount } from './kit/app.ts'
import { eventually } from './kit/wait.ts'

/** A recording for followers with all that its follower is given of it. */
interface Context extends LiveApp {
  dj: TestAccount
  fan: TestAccount
  /** A member who does not follow, and another DJ. */
  others: TestAccount[]
  streamId: string
  replay: live.Replay
  clip: live.Clip
  given: string[]
}
const slug = 'cellar'
const test = suite<Context>('what is closed, in the hands of strangers')

test.before(async (context) => {
  Object.assign(context, await liveApp({ sites: ['other'] }))
  const { app, ctx } = context
  await changeSetting(app, ctx, { downloads: 'watchers' })
  context.dj = await app.addAccount({ roles: ['artist'] })
  context.fan = await app.addAccount()
  context.others = [await app.addAccount(), await app.addAccount({ roles: ['artist'] })]
  const input = {
    slug,
    title: 'Cellar',
    description: '',
    ownerId: context.dj.id,
    access: 'followers',
  } as const
  const channel = await insertChannel(ctx.db, input)
  await app.as(context.fan).call(live.followChannel, { params: { slug } })
  const { id } = await recorded(context, channel.id, [{ seconds: 13, size: '128x72' }])
  context.streamId = id
  context.replay = (await ask<live.Replay>(context, `/api/v1/live/replays/${id}`, own(context.fan))).body
  context.clip = await clipOf(context)
  context.given = [...(await filesOf(context)), context.replay.download ?? '']
})
test.after(({ app }) => app?.close())

type Headers = Record<string, string>
const own = ({ cookie }: TestAccount): Headers => ({ cookie })

async function ask<T>({ app }: Context, path: string, headers: Headers = {}, host = 'main.test') {
  const response = await app.request(path, { headers, host })
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, text, body: (isJson ? JSON.parse(text) : null) as T }
}

/** Made by the follower; of no use to who may not watch what it is from. */
async function clipOf(context: Context): Promise<live.Clip> {
  const { app, fan, replay, streamId } = context
  const dates = [0, 1_500].map((ms) => live.dateAt(replay.clock, ms) ?? '')
  const body = { title: 'The drop', streamId, from: dates[0] ?? '', until: dates[1] ?? '' }
  const made = await app.as(fan).call(live.createClip, { params: { slug }, body })
  await app.jobs.drain()
  return (await app.as(fan).call(live.getClip, { params: { id: made.body.id } })).body
}

/** Playlists, what they list, the picture and the storyboard. */
async function filesOf(context: Context): Promise<string[]> {
  const { playback, poster, storyboard } = context.replay
  const found = new Set(
    [playback?.hls, playback?.audio, poster, ...(storyboard?.sheets ?? [])].flatMap((one) => one ?? []),
  )
  for (const path of found) {
    if (!path.includes('.m3u8')) continue
    const { text } = await ask(context, path, own(context.fan))
    const folder = path.slice(0, path.lastIndexOf('/') + 1)
    for (const [uri] of text.matchAll(/^[^#\s].*$|(?<=URI=")[^"]+/gm)) found.add(folder + uri)
  }
  return [...found]
}

test('a recording, its pictures, its clips and its file are nobody else’s [LIVE-13] [LIVE-14] [LIVE-20] [SEC-12]', async (context) => {
  const { given, others, fan, replay, clip, streamId, app } = context
  for (const kind of [/replay\.m3u8/, /\.m4s$/, /\.mp4$/, /poster-/, /board/, /download$/])
    assert.ok(
      given.some((path) => kind.test(path)),
      `${kind} in ${given.join(' ')}`,
    )
  for (const path of given) assert.is((await ask(context, path, own(fan))).status, 200, path)
  const neighbour = await app.addAccount({ site: 'other' })
  const strangers: [Headers, string?][] = [
    [{}],
    ...others.map((other): [Headers] => [own(other)]),
    [{ authorization: `Bearer ${others[0]?.accessToken}` }],
    [own(fan), 'other.test'],
    [own(neighbour), 'other.test'],
    [own(neighbour)],
  ]
  for (const [headers, host] of strangers) {
    for (const path of given) {
      const { status, text } = await ask(context, path, headers, host)
      assert.ok([401, 403, 404].includes(status), `${status} ${path}`)
      assert.not.match(text, /#EXT|ftyp|moof|JFIF/)
    }
    for (const path of [`/api/v1/live/replays/${streamId}`, `/api/v1/live/clips/${clip.id}`]) {
      const { status, text } = await ask(context, path, headers, host)
      assert.ok(status === 404 || JSON.parse(text).isLocked === true, path)
      for (const secret of ['/hls/', '/media/', '/download"', '.mp4', '.jpg'])
        assert.not.ok(text.includes(secret), text)
    }
  }
  assert.ok(replay.download && clip.video)
})

test('a good address opens the files that players ask for, and no others of its folder [LIVE-20] [SEC-12]', async (context) => {
  const { given, fan } = context
  const [, token, streamId] = (given[0]?.split('/').slice(1) ?? []) as string[]
  const names = ['index.jsonl', 'stream.json', 'cut.json', '.v0.m4s.tmp', 'v0.m4s.tmp', '', '.', '..']
  const tricks = [
    ...[
      '..%2findex.jsonl',
      '%2e%2e',
      '..\\stream.json',
      'v0.m4s%00',
      'v0.m4s/',
      'v0.m4s/x',
      'V0.M4S',
      'v-0.m4s',
    ],
    ...[
      'poster-',
      'poster-..',
      'poster-%2e%2e%2f%2e%2e',
      'poster-x.jpg',
      'storyboard.jpg',
      'v99999999999.m4s',
    ],
    ...['v0.m4s;x', 'v0.m4s%0d%0aset-cookie:x', '__proto__', 'constructor', 'video-2160.m3u8', 'v2160-0.m4s'],
  ]
  for (const name of [...names, ...tricks]) {
    const { status } = await ask(context, `/hls/${token}/${streamId}/${name}`, own(fan))
    assert.ok([403, 404].includes(status), `${status} ${name}`)
  }
  for (const path of [
    `/hls/${token}`,
    `/hls/${token}/`,
    `/hls//${streamId}/v0.m4s`,
    `/hls/${token}/${streamId}`,
  ])
    assert.ok([403, 404].includes((await ask(context, path, own(fan))).status), path)
})

test('the rooms of who goes live are closed to members, other DJs and the label next door [LIVE-15] [LIVE-19] [SEC-12]', async (context) => {
  const { app, dj, fan, others } = context
  const neighbour = await app.addAccount({ site: 'other', roles: ['admin'] })
  const rooms = [live.healthRoom.name, live.simulcastRoom.name]
  const joins = async (who: TestAccount | undefined, host?: string) => {
    const socket = await app.socket(who, host === undefined ? {} : { host })
    for (const [id, channel] of rooms.entries()) socket.send({ op: 'join', id, channel, params: { slug } })
    const answers = []
    for (const id of rooms.keys()) answers.push((await socket.until((frame) => frame.id === id)).op)
    socket.close()
    return answers
  }
  assert.equal(await joins(dj), ['joined', 'joined'])
  for (const who of [undefined, fan, ...others]) assert.equal(await joins(who), ['refused', 'refused'])
  assert.equal(await joins(neighbour), ['refused', 'refused'])
  assert.equal(await joins(neighbour, 'other.test'), ['refused', 'refused'])
})

test('the door between machines knows nobody from outside, nor who is the administrator [LIVE-16] [SEC-12]', async (context) => {
  const { app, streamId } = context
  const admin = await app.addAccount({ roles: ['admin'] })
  const headers: Headers[] = [{}, own(admin), { authorization: `Bearer ${admin.accessToken}` }]
  const whats = [
    'feed',
    'file/index.jsonl',
    'file/v0.m4s',
    'poster/x.jpg',
    'get/movie',
    'do/clip',
    'want/360',
  ]
  for (const sent of headers)
    for (const what of whats) {
      const { status, text } = await ask(context, `/live-feed/${streamId}/${what}`, sent)
      assert.equal([status, text], [403, 'No.\n'], what)
    }
})

test('who may no longer watch loses the recording and its file at once [LIVE-13] [LIVE-20]', async (context) => {
  const { app, fan, given } = context
  await app.as(fan).call(live.unfollowChannel, { params: { slug } })
  for (const path of given)
    await eventually(`${path} to be closed`, async () => (await ask(context, path, own(fan))).status === 403)
})

test.run()
