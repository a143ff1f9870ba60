import { readdir } from 'node:fs/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { PartViewer } from './kit/part-viewer.ts'
import { decode, type Publisher, publish } from './kit/publisher.ts'
import { type RunningServer, startServer } from './kit/server.ts'
import { type SmallDisk, smallDisk } from './kit/small-disk.ts'
import { integrity } from './kit/sqlite.ts'
import { streamKey, Visitor } from './kit/visitor.ts'
import { eventually } from './kit/wait.ts'

interface Context {
  disk: SmallDisk
  server: RunningServer
  visitor: Visitor
  opened: Publisher[]
}

const test = suite<Context>('a full disk')
test.before(async (context) => {
  context.opened = []
  context.disk = await smallDisk('24m')
  context.server = await startServer({
    dataDir: context.disk.dir,
    env: { VEZA_PLUGINS_LIVE_SEGMENT_MS: '1000', VEZA_PLUGINS_LIVE_GRACE_S: '2' },
  })
  context.visitor = new Visitor(context.server)
  await context.visitor.signIn()
})
test.after(async ({ opened, server, disk }) => {
  for (const publisher of opened) await publisher.kill()
  await server?.close()
  await disk?.close()
})

test('viewers go on from memory part by part, writes are refused with 507, the pages stay [LIVE-03] [OPS-13]', async (context) => {
  const { disk, server, visitor, opened } = context
  const { pid } = server
  opened.push(publish(await streamKey(server, 'stage')))
  const channel = await visitor.live('stage')
  await visitor.windowWith('stage', 2)
  await disk.fill()
  const full = await eventually('a refused write', async () => {
    await disk.fill()
    const answer = await visitor.say('x'.repeat(900))
    return answer.status === 200 ? null : answer
  })
  assert.equal([full.status, full.type], [507, 'application/problem+json'])
  const { lastSequence } = await visitor.window(channel)
  const viewer = new PartViewer(() => server.url + channel.playback?.hls)
  await visitor.windowWith('stage', lastSequence + 4)
  await eventually('new parts for who follows them', () => viewer.lastSeq >= lastSequence + 4)
  await viewer.stop()
  assert.ok(viewer.parts > 6)
  assert.is((await visitor.channel('stage')).status, 'live')
  assert.is((await visitor.call('/live/stage')).status, 200)
  assert.is(server.pid, pid)
})

test('the DJ is told in words that recording stopped [LIVE-17]', async ({ visitor }) => {
  const { body } = await visitor.call<{ notes: { level: string; code: string }[] }>(
    '/api/v1/live/channels/stage/health',
  )
  assert.ok(
    body.notes.some(({ level, code }) => level === 'bad' && code === 'disk-full'),
    JSON.stringify(body),
  )
})

test('with room again everything works without a restart, and nothing is damaged [OPS-13]', async (context) => {
  const { disk, server, visitor, opened } = context
  const { pid } = server
  await opened[0]?.stop()
  await disk.free()
  await eventually('chat to work', async () => (await visitor.say('room again')).status === 200)
  const kept = await visitor.replay('stage')
  assert.ok(kept.durationMs >= 2000, `${kept.durationMs} ms were recorded before the disk was full`)
  await decode(server.url + kept.playback?.hls)

  const publisher = publish({ ...(await streamKey(server, 'later')), seconds: 4 })
  opened.push(publisher)
  assert.is(await publisher.ended, 0)
  const replay = await visitor.replay('later')
  assert.ok((await decode(server.url + replay.playback?.hls)).durationS > 2)
  assert.is(server.pid, pid)
  await eventually('"ready"', async () => (await visitor.ready()) === 200)
  await server.stop()
  assert.equal(await integrity(server.dataDir), ['ok'])
})

test('a start on a full disk says so in a sentence and harms nothing [OPS-13]', async ({
  disk,
  server,
  visitor,
}) => {
  await disk.fill()
  const ran = await server.cli(['start'])
  assert.is(ran.code, 1)
  assert.match(ran.stderr, /^The disk is full.*\n {2}\S.*\n$/)
  await disk.free()
  await server.restart()
  assert.ok((await visitor.heard()).includes('room again'))
})

test('a folder for which there is no room is not left half made [OPS-13]', async ({ server }) => {
  const tiny = await smallDisk('120k')
  try {
    const ran = await server.cli(['init', '--yes', '--url', 'http://x.test', '--data', tiny.dir])
    assert.is(ran.code, 1)
    assert.match(ran.stderr, /^The disk is full.*\n {2}\S.*\n$/)
    assert.not((await readdir(tiny.dir)).includes('config.yaml'))
  } finally {
    await tiny.close()
  }
})

test.run()
