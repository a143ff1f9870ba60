import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { startNginx } from '../../../test/bench/kit/nginx.ts'
import { Encoder, media, TestIngest, until } from '../ingest/test-kit.ts'
import { probe } from '../testdata/publisher.ts'
import type { SimulcastTarget, ToldState } from './forwarders.ts'

/** Our own ingest as the other site: it keeps what it was given, and refuses keys it does not know. */
const test = suite<{ here: TestIngest; there: TestIngest; encoder: Encoder | null }>('sending on')
test.before.each(async (context) => {
  context.here = await TestIngest.start()
  context.there = await TestIngest.start()
  context.encoder = null
})
test.after.each(async ({ here, there, encoder }) => {
  await encoder?.stop()
  await here.ingest.stop()
  await there.ingest.stop()
})

const targetAt = (port: number, streamKey = 'good'): SimulcastTarget => ({
  id: 'other',
  address: '127.0.0.1',
  port,
  isTls: false,
  hostName: '127.0.0.1',
  app: 'live',
  streamKey,
})
const sendOn = (here: TestIngest, ...targets: SimulcastTarget[]) =>
  here.ingest.handle({ type: 'simulcast', streamId: 'one', targets })
const stateOf = (here: TestIngest): ToldState | undefined => here.last('simulcast')?.states[0]
const stateIs = (here: TestIngest, state: ToldState['state']) =>
  until(() => stateOf(here)?.state === state, `the state ${state}, after ${JSON.stringify(stateOf(here))}`)

test('frames arrive unchanged, beginning with the settings and a key frame, on times that only grow [LIVE-19]', async (context) => {
  const { here, there } = context
  context.encoder = new Encoder(here.url('good'), media.both)
  await here.wait('playing')
  await sendOn(here, targetAt(there.port))
  await stateIs(here, 'sending')
  await until(() => (there.receivers.get('one')?.samples.length ?? 0) > 60, 'media at the other site')
  const [sent, got] = [here.receivers.get('one')!, there.receivers.get('one')!]
  const first = got.samples.find(({ track }) => track === 'video')
  assert.is(first?.isKey, true)
  assert.equal(got.configs.map(({ track }) => track).sort(), ['audio', 'video'])
  const known = new Set(sent.samples.map(({ track, data }) => `${track} ${data.toString('base64')}`))
  for (const { track, data } of got.samples) assert.ok(known.has(`${track} ${data.toString('base64')}`))
  for (const track of ['video', 'audio']) {
    const times = got.samples.filter((sample) => sample.track === track).map(({ dtsMs }) => dtsMs)
    assert.ok(times.every((ms, at) => at === 0 || ms >= times[at - 1]!))
  }
})

test('a wrong key is said in the words of the other server; a new one is tried at once [LIVE-19]', async (context) => {
  const { here, there } = context
  context.encoder = new Encoder(here.url('good'), media.both)
  await here.wait('playing')
  await sendOn(here, targetAt(there.port, 'bad'))
  await stateIs(here, 'refused')
  assert.is(stateOf(here)?.reason, 'This stream key is not valid.')
  await sendOn(here, targetAt(there.port))
  await stateIs(here, 'sending')
  await sendOn(here)
  await there.wait('publisher-gone')
  assert.equal(here.last('simulcast')?.states, [])
})

test('a server that goes away is tried again, and the publisher is not disturbed [LIVE-19]', async (context) => {
  const { here, there } = context
  context.encoder = new Encoder(here.url('good'), media.both)
  await here.wait('playing')
  await sendOn(here, targetAt(there.port))
  await stateIs(here, 'sending')
  await there.ingest.handle({ type: 'end', streamId: 'one', reason: 'kicked' })
  await until(() => stateOf(here)?.state !== 'sending', 'the loss to be told')
  assert.ok(stateOf(here)?.reason)
  // Its next try brings it back, as nobody holds the key there any more.
  await until(
    () => here.all('simulcast').filter(({ states }) => states[0]?.state === 'sending').length >= 2,
    'it to be back',
  )
  assert.equal(here.all('publisher-gone'), [])
})

test('a publisher that comes back goes on where the last one stopped [LIVE-19]', async (context) => {
  const { here, there } = context
  const first = new Encoder(here.url('good'), media.both)
  context.encoder = first
  await here.wait('playing')
  await sendOn(here, targetAt(there.port))
  await until(() => (there.receivers.get('one')?.samples.length ?? 0) > 40, 'media at the other site')
  await first.stop()
  await here.wait('publisher-gone')
  const before = there.receivers.get('one')!.samples.length
  context.encoder = new Encoder(here.url('good'), media.both)
  const got = there.receivers.get('one')!
  await until(() => got.samples.length > before + 40, 'more media at the other site')
  const video = got.samples.filter(({ track }) => track === 'video')
  assert.ok(video.every(({ dtsMs }, at) => at === 0 || dtsMs >= video[at - 1]!.dtsMs))
  assert.equal(there.all('publisher-gone'), [])
})

test('nginx-rtmp takes the stream and plays it on [LIVE-19]', async (context) => {
  const { here } = context
  const nginx = await startNginx(() => 'live on;')
  try {
    context.encoder = new Encoder(here.url('good'), media.both)
    await here.wait('playing')
    await sendOn(here, targetAt(Number(new URL(nginx.rtmpUrl).port), 'forwarded'))
    await stateIs(here, 'sending')
    assert.equal((await probe(`${nginx.rtmpUrl}/forwarded`)).codecs, ['aac', 'h264'])
  } finally {
    await nginx.stop()
  }
})

test.run()
