import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { decode, type Publisher, publish } from './kit/publisher.ts'
import { type RunningServer, startServer } from './kit/server.ts'
import { streamKey, Visitor } from './kit/visitor.ts'

/** Segments follow the key frames, one a second. */
const segmentS = 1
const settings = {
  VEZA_PLUGINS_LIVE_SEGMENT_MS: '1000',
  VEZA_PLUGINS_LIVE_WINDOW_S: '10',
  VEZA_PLUGINS_LIVE_GRACE_S: '60',
}

const test = suite<{ server: RunningServer; visitor: Visitor; opened: Publisher[] }>('a killed server')
test.before(async (context) => {
  context.opened = []
  context.server = await startServer({ env: settings })
  context.visitor = new Visitor(context.server)
})
test.after(async ({ opened, server }) => {
  for (const publisher of opened) await publisher.kill()
  await server?.close()
})

test('goes on with the stream when the encoder is back within the grace time [LIVE-02] [OPS-13]', async (context) => {
  const { server, visitor, opened } = context
  const target = await streamKey(server, 'stage')
  opened.push(publish(target))
  const { streamId } = await visitor.live('stage')
  const before = await visitor.windowWith('stage', 12)
  assert.ok(before.sequence > 0, 'segments have left the window')
  await server.kill('SIGKILL')
  await opened[0]?.ended
  await server.restart()
  const waiting = await visitor.channel('stage')
  assert.equal([waiting.status, waiting.isInterrupted, waiting.streamId], ['live', true, streamId])

  opened.push(publish(target))
  const after = await visitor.live('stage')
  assert.is(after.streamId, streamId)
  const window = await visitor.windowWith('stage', before.lastSequence + 3, 1)
  assert.ok(window.sequence >= before.sequence, 'the sequence never goes back')
  assert.is(window.discontinuities, 1)
})

test('leaves a replay of all that was received, which plays [LIVE-13] [OPS-13]', async (context) => {
  const { server, visitor, opened } = context
  const { streamId } = await visitor.live('stage')
  const { lastSequence } = await visitor.window(await visitor.channel('stage'))
  await server.kill('SIGKILL')
  await opened[1]?.ended
  await server.restart({ VEZA_PLUGINS_LIVE_GRACE_S: '1' })
  const replay = await visitor.replay('stage')
  assert.is(replay.id, streamId)
  assert.is((await visitor.replays('stage')).length, 1)
  // Viewers saw lastSequence + 1 segments a moment before the end; not one of them may be lost.
  const seenS = (lastSequence + 1) * segmentS
  const listedS = replay.durationMs / 1000
  assert.ok(listedS > seenS - segmentS && listedS < seenS + 3 * segmentS, `${listedS} s of ${seenS} s`)
  const played = await decode(server.url + replay.playback?.hls)
  assert.equal(played.codecs, ['aac', 'h264'])
  assert.ok(Math.abs(played.durationS - listedS) <= segmentS, `plays ${played.durationS} s of ${listedS} s`)
})

test('takes new streams afterwards', async ({ server, visitor, opened }) => {
  opened.push(publish(await streamKey(server, 'next')))
  assert.is((await visitor.live('next')).status, 'live')
})

test.run()
