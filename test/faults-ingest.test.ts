import { setTimeout as delay } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Replay } from '../plugins/live/contract.ts'
import { childrenOf, costOf } from './kit/processes.ts'
import { decode, type Publisher, publish } from './kit/publisher.ts'
import { assault } from './kit/rtmp-assault.ts'
import { type RunningServer, startServer } from './kit/server.ts'
import { streamKey, Visitor } from './kit/visitor.ts'
import { eventually } from './kit/wait.ts'

interface Context {
  server: RunningServer
  visitor: Visitor
  opened: Publisher[]
  air(slug: string): Promise<Publisher>
}

const settings = {
  VEZA_PLUGINS_LIVE_SEGMENT_MS: '1000',
  // A busy machine takes long to start an encoder again.
  VEZA_PLUGINS_LIVE_GRACE_S: '60',
}

const test = suite<Context>('a faulty ingest')
test.before(async (context) => {
  context.opened = []
  context.server = await startServer({ env: settings })
  context.visitor = new Visitor(context.server)
  await context.visitor.signIn()
})
test.after(async ({ opened, server }) => {
  for (const publisher of opened) await publisher.kill()
  await server?.close()
})

function onAir({ server, opened }: Context, target: { url: string; key: string }): Publisher {
  const publisher = publish({ ...target, seconds: 60 })
  opened.push(publisher)
  assert.ok(server.pid > 0)
  return publisher
}

const ingestOf = ({ server }: Context) =>
  eventually('the ingest process', async () => (await childrenOf(server.pid, 'ingest/main'))[0])

/** The replay of a stream whose encoder is not waited for any more. */
async function endOf({ visitor }: Context, slug: string): Promise<Replay> {
  assert.is((await visitor.call(`/api/v1/live/channels/${slug}/end`, { method: 'POST' })).status, 204)
  return visitor.replay(slug)
}

test('a killed ingest process is started again; pages and chat never stop [OPS-13]', async (context) => {
  const { server, visitor } = context
  const target = await streamKey(server, 'resilient')
  onAir(context, target)
  const { streamId } = await visitor.live('resilient')
  const first = await ingestOf(context)
  process.kill(first, 'SIGKILL')
  await eventually('"not ready"', async () => (await visitor.ready()) === 503)
  assert.is((await visitor.say('still here')).status, 200)
  assert.is((await visitor.call('/live/resilient')).status, 200)
  await eventually('"ready" again', async () => (await visitor.ready()) === 200)
  assert.is.not(await ingestOf(context), first)
  assert.ok((await visitor.heard()).includes('still here'))
  const again = onAir(context, target)
  assert.is((await visitor.live('resilient')).streamId, streamId)
  await again.stop()
  assert.is((await endOf(context, 'resilient')).id, streamId)
})

test('an encoder that is back within the grace time continues its one recording [LIVE-02]', async (context) => {
  const { server, visitor } = context
  const target = await streamKey(server, 'shaky')
  const first = onAir(context, target)
  const { streamId } = await visitor.live('shaky')
  const before = await visitor.windowWith('shaky', 2)
  await first.kill()
  await eventually('the interruption', async () => (await visitor.channel('shaky')).isInterrupted)
  const second = onAir(context, target)
  assert.is((await visitor.live('shaky')).streamId, streamId)
  const after = await visitor.windowWith('shaky', before.lastSequence + 3, 1)
  assert.is(after.discontinuities, 1)
  await second.kill()
  const replay = await endOf(context, 'shaky')
  assert.is(replay.id, streamId)
  assert.is((await visitor.replays('shaky')).length, 1)
  const played = await decode(server.url + replay.playback?.hls)
  assert.ok(Math.abs(played.durationS - replay.durationMs / 1000) <= 1, `${played.durationS} s`)
  assert.ok(played.durationS >= after.lastSequence, `${played.durationS} s of ${after.lastSequence + 1}`)
})

test('a thousand hostile connections cost nothing that stays [LIVE-02]', async (context) => {
  const { server, visitor } = context
  const target = await streamKey(server, 'hostile')
  const pid = await ingestOf(context)
  // The first five hundred pay for code and a heap that stay; from then on nothing may be added.
  await assault(server.rtmpPort, target.key, 500)
  let before = await settled(pid, Number.POSITIVE_INFINITY)
  const added: number[] = []
  // A heap may grow once more; what leaks grows each time.
  while (added.length < 3 && added.every((mb) => mb >= 40)) {
    await assault(server.rtmpPort, target.key, 1000)
    const after = await settled(pid, before.files)
    assert.ok(after.files <= before.files, `${before.files} files before, ${after.files} after`)
    added.push(after.rssMb - before.rssMb)
    before = after
  }
  assert.ok(
    added.some((mb) => mb < 40),
    `${added.join(', ')} MB more after each thousand`,
  )
  assert.is(await ingestOf(context), pid)
  const good = onAir(context, target)
  assert.is((await visitor.live('hostile')).status, 'live')
  await good.stop()
})

/** What the process costs once its connections are closed. */
async function settled(pid: number, files: number) {
  await delay(500)
  for (let waited = 0; waited < 80 && (await costOf(pid)).files > files; waited++) await delay(500)
  return costOf(pid)
}

test.run()
