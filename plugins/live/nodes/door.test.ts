import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import { clipPrefix } from '../desk.ts'
import { feedAddress } from '../ingest-link.ts'
import { FrameReader } from '../media/feed-frame.ts'
import { FeedServer } from '../media/feed-server.ts'
import { insertStream } from '../streams.ts'
import { channelWithKey, type LiveApp, liveApp } from '../testdata/kit.ts'
import { DoorKey, doorHeader } from './door-key.ts'
import { nodeIdOf } from './node-id.ts'

interface Context extends LiveApp {
  streamId: string
  foreignId: string
  ask(path: string, header?: string | null, init?: RequestInit & { host?: string }): Promise<Response>
}

const test = suite<Context>('the door for other machines')
test.before(async (context) => {
  const made = await liveApp({ sites: ['other'] })
  Object.assign(context, made)
  const { app, ctx } = made
  const { channel } = await channelWithKey(ctx, 'stage')
  const input = { channelId: channel.id, keyId: newId(), title: 'Night' }
  context.streamId = (await insertStream(ctx.db, { ...input, originId: nodeIdOf(ctx) })).id
  context.foreignId = (await insertStream(ctx.db, { ...input, originId: newId() })).id
  const folder = ctx.storage.localFolder(`live/${context.streamId}`)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'v0.m4s'), 'segment')
  await writeFile(join(folder, '.hidden'), 'no')
  // What was copied from another machine is not given on.
  const copied = ctx.storage.localFolder(`live/${context.foreignId}`)
  await writeFile(join(copied, 'v0.m4s'), 'segment')
  await writeFile(join(app.dataDir, 'secret.txt'), 'SECRET')
  await writeFile(join(ctx.storage.localFolder('live-node'), 'x'), 'SECRET')
  const key = new DoorKey(ctx.signer)
  context.ask = (path, header, init = {}) => {
    const method = init.method ?? 'GET'
    const signed = header === undefined ? key.sign({ method, path, nodeId: nodeIdOf(ctx) }) : header
    const headers = { ...(init.headers as Record<string, string>), ...(signed && { [doorHeader]: signed }) }
    return app.request(path, { ...init, headers })
  }
})
test.after(({ app }) => app.close())

test('gives a machine that signs what it asks for, whole and in ranges [LIVE-16]', async ({
  ask,
  streamId,
}) => {
  const path = `/live-feed/${streamId}/file/v0.m4s`
  assert.is(await (await ask(path)).text(), 'segment')
  const range = await ask(path, undefined, { headers: { range: 'bytes=2-' } })
  assert.equal([range.status, await range.text()], [206, 'gment'])
  assert.is((await ask(`/live-feed/${streamId}/file/v1.m4s`)).status, 404)
})

test('gives files of clips, and makes what is asked for of recordings alone [LIVE-14] [LIVE-16]', async ({
  ask,
  ctx,
  streamId,
}) => {
  const clipId = newId()
  await writeFile(join(ctx.storage.localFolder(clipPrefix(clipId)), 'clip.mp4'), 'a clip')
  const clip = `/live-feed/${streamId}/clip/${clipId}`
  assert.is(await (await ask(`${clip}.clip.mp4`)).text(), 'a clip')
  assert.is((await ask(`${clip}.poster.jpg`)).status, 404)
  const movie = `/live-feed/${streamId}/get/movie`
  assert.is((await ask(movie)).status, 404, 'what is on air is no recording yet')
  await ctx.db('live_streams').where({ id: streamId }).update({ status: 'ended', durationMs: 1_000 })
  assert.is((await ask(movie)).status, 404, 'nor is a folder without an index')
  await ctx.db('live_streams').where({ id: streamId }).update({ status: 'starting' })
})

test('opens to nobody else: without, with a wrong, old, repeated or another’s signature [LIVE-16]', async (context) => {
  const { ask, streamId, ctx, app } = context
  const path = `/live-feed/${streamId}/file/v0.m4s`
  const nodeId = nodeIdOf(ctx)
  const right = { method: 'GET', path, nodeId }
  const key = new DoorKey(ctx.signer)
  const old = new DoorKey(ctx.signer, () => Date.now() - 120_000)
  const early = new DoorKey(ctx.signer, () => Date.now() + 120_000)
  const once = key.sign(right)
  assert.is((await ask(path, once)).status, 200)
  const [at, nonce, signature = ''] = key.sign(right).split('.')
  const bad: (string | null)[] = [
    null,
    '',
    once,
    'x'.repeat(5000),
    `${at}.${nonce}.${signature.slice(0, -1)}${signature.endsWith('A') ? 'B' : 'A'}`,
    `${Number(at) + 1}.${nonce}.${signature}`,
    `${at}.AAAAAAAAAAAAAAAA.${signature}`,
    old.sign(right),
    early.sign(right),
    key.sign({ ...right, method: 'POST' }),
    key.sign({ ...right, path: `/live-feed/${streamId}/file/v1.m4s` }),
    key.sign({ ...right, nodeId: newId() }),
    `${at}.${nonce}.${ctx.signer.sign('hls', `GET ${path} ${nodeId} ${at} ${nonce}`)}`,
  ]
  for (const header of bad) assert.is((await ask(path, header)).status, 403, String(header))
  // The other site of the same machine has another key; and this one's opens nothing there.
  const other = app.siteNamed('other')
  assert.is(other.row.name, 'other')
  assert.is((await ask(path, undefined, { host: 'other.test' })).status, 403)
})

test('leads to nothing but files of streams that lie here [LIVE-16]', async ({
  ask,
  streamId,
  foreignId,
}) => {
  const paths = [
    `/live-feed/${streamId}/file/.hidden`,
    `/live-feed/${streamId}/file/..`,
    `/live-feed/${streamId}/file/%2e%2e`,
    `/live-feed/${streamId}/file/..%2f..%2fsecret.txt`,
    `/live-feed/${streamId}/file/../../live-node/x`,
    `/live-feed/${streamId}/file/`,
    `/live-feed/${streamId}/file/v0.m4s/more`,
    `/live-feed/${streamId}/poster/../live/${streamId}/v0.m4s`,
    `/live-feed/${foreignId}/file/v0.m4s`,
    `/live-feed/${newId()}/file/v0.m4s`,
    `/live-feed/x/file/v0.m4s`,
    `/live-feed/${streamId}/other/v0.m4s`,
    `/live-feed/${streamId}/clip/v0.m4s`,
    `/live-feed/${streamId}/clip/${newId()}.secret.txt`,
    `/live-feed/${streamId}/clip/..%2f..%2fsecret.txt`,
    `/live-feed/${streamId}/get/constructor`,
    `/live-feed/`,
  ]
  for (const path of paths) {
    const answer = await ask(path)
    assert.ok([403, 404].includes(answer.status), `${path} ${answer.status}`)
    assert.not.match(await answer.text(), /SECRET|segment|^no$/)
  }
  for (const [method, path, status] of [
    ['POST', `/live-feed/${streamId}/file/v0.m4s`, 405],
    ['DELETE', `/live-feed/${streamId}/file/v0.m4s`, 405],
    ['GET', `/live-feed/${streamId}/do/remove`, 405],
    ['POST', `/live-feed/${streamId}/get/movie`, 405],
    ['POST', `/live-feed/${streamId}/do/constructor`, 404],
    ['POST', `/live-feed/${streamId}/want/7`, 404],
    ['POST', `/live-feed/${streamId}/want/toString`, 404],
  ] as const)
    assert.is((await ask(path, undefined, { method })).status, status, `${method} ${path}`)
})

test('tells one stream’s frames alone, the window first, and what is wanted back, until the ingest goes [LIVE-16]', async (context) => {
  const { app, ctx, streamId } = context
  const feed = await FeedServer.listen(feedAddress(ctx.appliance))
  const publish = (id: string, title: string) =>
    feed.publish({ type: 'title', streamId: id, title, atMs: title.length })
  const open = {
    type: 'open',
    targetDurationMs: 2_000,
    windowMs: 30_000,
    partTargetMs: null,
    take: 1,
  } as const
  for (const id of [streamId, newId()]) {
    feed.publish({ ...open, streamId: id })
    publish(id, id === streamId ? 'mine' : 'not mine')
  }
  const path = `/live-feed/${streamId}/feed`
  const signed = new DoorKey(ctx.signer).sign({ method: 'GET', path, nodeId: nodeIdOf(ctx) })
  const answer = await ctx.askNode(app.url + path, { headers: { host: 'main.test', [doorHeader]: signed } })
  const wanted: unknown[] = []
  feed.onWant = (...want) => {
    wanted.push(want)
    publish(streamId, 'the next')
  }
  const heard: string[] = []
  const reader = new FrameReader((message) => {
    heard.push(message.type === 'title' ? message.title : message.type)
  })
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    reader.push(chunk)
    if (heard.length === 2) {
      publish(newId(), 'nor this')
      assert.is(
        (await context.ask(`/live-feed/${streamId}/want/480`, undefined, { method: 'POST' })).status,
        204,
      )
    }
    if (heard.at(-1) === 'the next') await feed.close()
  }
  assert.equal(heard, ['open', 'mine', 'the next'])
  assert.equal(wanted, [[streamId, 480]])
})

test.run()
