import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { startNginx } from '../../../test/bench/kit/nginx.ts'
import { Encoder, media, TestIngest, until } from '../ingest/test-kit.ts'
import { describeAvc } from '../media/avc.ts'
import { isSample, parseFlv, run, type Sent } from '../media/test-kit.ts'
import type { Sample } from '../media/types.ts'
import { probe } from '../testdata/publisher.ts'
import type { SimulcastTarget, ToldState } from './forwarders.ts'

/** Our own ingest as the other site: it keeps what it was given, and refuses keys it does not know. */
const test = suite<{ here: TestIngest; there: TestIngest; encoder: Encoder | null; second: Encoder | null }>(
  'sending on',
)
test.before.each(async (context) => {
  context.here = await TestIngest.start()
  context.there = await TestIngest.start({ idleMs: 120_000 })
  context.encoder = null
  context.second = null
})
test.after.each(async ({ here, there, encoder, second }) => {
  await encoder?.stop()
  await second?.stop()
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
  direct(here, { picture: 'one' }, ...targets)
/** Two cameras of a channel, of which the director chose one, or each for something. */
const direct = (
  here: TestIngest,
  { picture, sound = picture }: { picture: string; sound?: string },
  ...targets: SimulcastTarget[]
) => {
  const streamIds = ['one', 'other-two']
  const chosen = { picture, sound, soundOffsetMs: 0 }
  return here.ingest.handle({ type: 'simulcast', channelId: 'stage', streamIds, targets, ...chosen })
}
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

/** A second camera with a picture of another size, and another sound. */
const larger = media.both.map((arg) => arg.replace('320x180', '640x360').replace('=440', '=880'))
const widthsOf = (sent: readonly Sent[]) =>
  sent.flatMap((one) => (!isSample(one) && one.track === 'video' ? describeAvc(one.config).width : []))
const grows = (times: readonly number[]) => times.every((ms, at) => at === 0 || ms >= times[at - 1]!)
const receivedBy = (there: TestIngest) => there.receivers.get('one')!
const textOf = ({ data }: Sample) => data.toString('base64')
const sentBy = (here: TestIngest, id: string, track: string) =>
  here.receivers.get(id)!.samples.filter((sample) => sample.track === track)
async function more(there: TestIngest, count = 45): Promise<void> {
  const before = receivedBy(there).samples.length
  await until(() => receivedBy(there).samples.length > before + count, 'more media at the other site')
}

function assertInOrder(samples: readonly Sample[]): void {
  for (const track of ['video', 'audio']) {
    const own = samples.filter((sample) => sample.track === track)
    assert.ok(own.length > 0 && grows(own.map(({ dtsMs }) => dtsMs)), track)
  }
}

/** Each picture begins with a key frame, and has nothing of another camera in it. */
function assertWhole(here: TestIngest, there: TestIngest): void {
  const [one, two] = ['one', 'other-two'].map((id) => new Set(sentBy(here, id, 'video').map(textOf)))
  const video = receivedBy(there).samples.filter(({ track }) => track === 'video')
  const cameras = video.map((sample) => (one!.has(textOf(sample)) ? 1 : two!.has(textOf(sample)) ? 2 : 0))
  const changes = cameras.flatMap((camera, at) => (camera === cameras[at - 1] ? [] : [at]))
  assert.equal(
    changes.map((at) => [cameras[at], video[at]!.isKey]),
    [
      [1, true],
      [2, true],
      [1, true],
    ],
  )
}

async function framesIn(file: string): Promise<{ seconds: number; width: number }[]> {
  const fields = ['-show_entries', 'frame=width,pts_time', '-of', 'csv=p=0']
  const { stdout } = await run('ffprobe', ['-v', 'error', '-select_streams', 'v', ...fields, file])
  const rows = stdout.toString().trim().split('\n')
  return rows
    .map((row) => row.split(','))
    .map(([time, width]) => ({ seconds: Number(time), width: Number(width) }))
}

test('the main picture is what is sent, in one publish, changing at a key frame; lost, it falls back [LIVE-19] [LIVE-10]', async (context) => {
  const { here, there } = context
  const nginx = await startNginx((dir) => `live on; record all; record_path ${dir};`)
  try {
    context.encoder = new Encoder(here.url('good'), media.both)
    const second = new Encoder(here.url('other-two'), larger)
    context.second = second
    await until(() => here.all('playing').length === 2, 'two cameras')
    const elsewhere = { ...targetAt(Number(new URL(nginx.rtmpUrl).port), 'forwarded'), id: 'nginx' }
    const targets = [targetAt(there.port), elsewhere]
    await sendOn(here, ...targets)
    await until(
      () => here.last('simulcast')?.states.every(({ state }) => state === 'sending') === true,
      'both',
    )
    await there.wait('playing')
    await more(there)
    assert.equal((await probe(`${nginx.rtmpUrl}/forwarded`)).codecs, ['aac', 'h264'])
    const widths = () => widthsOf(receivedBy(there).configs)
    await direct(here, { picture: 'other-two' }, ...targets)
    await until(() => widths().length === 2, 'the other picture')
    await more(there)
    // The camera is gone without a word: the director falls back to the one that is left.
    await second.stop('SIGKILL')
    await here.wait('publisher-gone')
    await sendOn(here, ...targets)
    await until(() => widths().length === 3, 'the first picture again')
    await more(there)
    assert.equal(widths(), [320, 640, 320])
    assert.is(receivedBy(there).configs.length, 4)
    assertInOrder(receivedBy(there).samples)
    assertWhole(here, there)
    // One publish from the beginning to the end.
    assert.equal([there.all('publish-request').length, there.all('publisher-gone').length], [1, 0])
    const file = join(nginx.dir, 'forwarded.flv')
    const recorded = () => parseFlv(readFileSync(file))
    await until(() => widthsOf(recorded()).length === 3, 'the recording elsewhere')
    const before = recorded().length
    await until(() => recorded().length > before + 90, 'more of it')
    await sendOn(here)
    assert.equal(widthsOf(recorded()), [320, 640, 320])
    assertInOrder(recorded().filter(isSample))
    const frames = await framesIn(file)
    assert.equal([...new Set(frames.map(({ width }) => width))], [320, 640])
    assert.ok(grows(frames.map(({ seconds }) => seconds)))
  } finally {
    await nginx.stop()
  }
})

test('the master sound goes on while the picture changes [LIVE-19] [LIVE-10]', async (context) => {
  const { here, there } = context
  context.encoder = new Encoder(here.url('good'), media.both)
  context.second = new Encoder(here.url('other-two'), larger)
  await until(() => here.all('playing').length === 2, 'two cameras')
  await sendOn(here, targetAt(there.port))
  await there.wait('playing')
  await more(there)
  await direct(here, { picture: 'other-two', sound: 'one' }, targetAt(there.port))
  await until(() => receivedBy(there).configs.length === 3, 'the other picture')
  await more(there)
  const heard = receivedBy(there).samples.filter(({ track }) => track === 'audio')
  const sent = sentBy(here, 'one', 'audio').map(textOf)
  const texts = heard.map(textOf)
  // Frame by frame what the first camera sends: none is left out at the change.
  assert.ok(sent.some((_, from) => texts.every((text, at) => sent[from + at] === text)))
  assert.ok(grows(heard.map(({ dtsMs }) => dtsMs)))
})

test.run()
