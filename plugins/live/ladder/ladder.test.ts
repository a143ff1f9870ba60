import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { streamFfmpeg } from '#ffmpeg'
import { FlvReader } from '../ingest/flv-reader.ts'
import { parseVideoTag } from '../ingest/flv-tags.ts'
import { until } from '../ingest/test-kit.ts'
import { describeAvc } from '../media/avc.ts'
import type { RungOffer, Sample, TrackConfig } from '../media/types.ts'
import { Budget } from './budget.ts'
import type { StartFfmpeg } from './encoder.ts'
import { Ladder } from './ladder.ts'
import { ladderOf } from './plan.ts'

interface Film {
  config: TrackConfig
  samples: Sample[]
}

/** Three seconds of 576 lines with B-frames and a key frame each second, as a publisher would send them. */
async function film(): Promise<Film> {
  const source = '-f lavfi -i testsrc2=size=1024x576:rate=25 -t 3'
  const coding = '-c:v libx264 -preset ultrafast -bf 2 -g 25 -pix_fmt yuv420p -f flv -'
  const args = ['-v', 'error', ...source.split(' '), ...coding.split(' ')]
  const options = { encoding: 'buffer', maxBuffer: 2 ** 26 } as const
  const { stdout } = await promisify(execFile)('ffmpeg', args, options)
  const made: Film = { config: { track: 'video', config: Buffer.alloc(0) }, samples: [] }
  new FlvReader((_type, timeMs, payload) => {
    const tag = parseVideoTag(payload)
    if (tag.kind === 'config') made.config = { track: 'video', config: tag.config }
    // A clock that did not begin with the stream.
    if (tag.kind === 'sample') made.samples.push({ track: 'video', dtsMs: 700_000 + timeMs, ...tag })
  }).push(stdout)
  return made
}

/** A ladder with what it offers, and what comes of it. */
class Trial {
  offers: RungOffer[][] = []
  readonly configs: Buffer[] = []
  readonly samples: Sample[] = []
  readonly logged: string[] = []
  closed = 0
  started = 0
  nowMs = 0
  readonly ladder: Ladder

  constructor(budget = new Budget(4), start: StartFfmpeg = streamFfmpeg) {
    this.ladder = new Ladder({
      budget,
      start: (args, options) => {
        this.started += 1
        return start(args, options)
      },
      offerRungs: (rungs) => this.offers.push(rungs),
      openRung: () => ({
        config: ({ config }) => void this.configs.push(config),
        sample: (sample) => void this.samples.push(sample),
        close: () => this.#close(),
      }),
      log: (message, detail) => this.logged.push(`${message}: ${detail}`),
      now: () => this.nowMs,
    })
  }

  #close(): void {
    this.closed += 1
  }
}

const shownAt = ({ dtsMs, ctsMs }: Sample) => Math.round(dtsMs + ctsMs)

test('a source has the rungs below it, and small ones have none [LIVE-04]', () => {
  const heights = (width: number, height: number) =>
    ladderOf({ width, height }, 30).map((rung) => rung.height)
  assert.equal(heights(1920, 1080), [720, 480])
  assert.equal(heights(1280, 720), [480])
  assert.equal(heights(854, 480), [])
  assert.equal(heights(640, 360), [])
  const [portrait] = ladderOf({ width: 607, height: 1080 }, 30)
  assert.equal([portrait?.width, portrait?.height], [404, 720])
  const [fast] = ladderOf({ width: 1920, height: 1080 }, 60)
  assert.ok(fast && fast.bitrate > ladderOf({ width: 1920, height: 1080 }, 30)[0]!.bitrate)
})

test('pictures come smaller, each at its own time, with key frames where the source has them [LIVE-04]', async () => {
  const shown = await film()
  const trial = new Trial()
  trial.ladder.config(shown.config)
  for (const sample of shown.samples.slice(0, 25)) trial.ladder.sample(sample)
  assert.is(trial.started, 0, 'nothing is encoded before somebody wants it')
  assert.equal(
    trial.offers.at(-1)?.map(({ height, width }) => [height, width]),
    [[480, 854]],
  )
  trial.ladder.want(480)
  for (const sample of shown.samples.slice(25)) trial.ladder.sample(sample)
  trial.ladder.interrupt()
  await until(() => trial.closed === 1, 'the last frame')
  const size = describeAvc(trial.configs[0]!)
  assert.equal([size.width, size.height], [854, 480])
  assert.is(size.codec, trial.offers.at(-1)?.[0]?.codec)
  const fromSecond = shown.samples.slice(25)
  assert.equal(
    trial.samples.map(shownAt),
    fromSecond.map(shownAt).sort((a, b) => a - b),
  )
  const keys = (samples: Sample[]) => samples.filter(({ isKey }) => isKey).map(shownAt)
  assert.equal(keys(trial.samples), keys(fromSecond))
  trial.ladder.close()
})

test('encoding ends when nobody wants it any more, and its cores are free again [LIVE-04]', async () => {
  const shown = await film()
  const budget = new Budget(0.35)
  const trial = new Trial(budget)
  trial.ladder.config(shown.config)
  for (const sample of shown.samples.slice(0, 25)) trial.ladder.sample(sample)
  trial.ladder.want(480)
  for (const sample of shown.samples.slice(25, 50)) trial.ladder.sample(sample)
  assert.is(budget.has(0.3), false)
  trial.nowMs = 30_000
  for (const sample of shown.samples.slice(50)) trial.ladder.sample(sample)
  assert.is(budget.has(0.3), true)
  assert.is(trial.closed, 1)
  trial.ladder.close()
})

test('what the machine has no room for is not offered, until it has [LIVE-04]', async () => {
  const shown = await film()
  const budget = new Budget(0.35)
  const [first, second] = [new Trial(budget), new Trial(budget)]
  for (const { ladder } of [first, second]) {
    ladder.config(shown.config)
    for (const sample of shown.samples.slice(0, 25)) ladder.sample(sample)
  }
  first.ladder.want(480)
  for (const sample of shown.samples.slice(25)) first.ladder.sample(sample)
  assert.is(first.offers.at(-1)?.length, 1, 'the one that runs stays')
  assert.equal(second.offers.at(-1), [])
  first.ladder.close()
  assert.is(second.offers.at(-1)?.length, 1)
  second.ladder.close()
})

test('an ffmpeg that cannot keep up, or ends, leaves the source alone for a while [LIVE-04]', async () => {
  const shown = await film()
  for (const pendingBytes of [0, 2 ** 24]) {
    const trial = new Trial(new Budget(4), async (_args, { onEnd }) => {
      if (pendingBytes === 0) setImmediate(() => onEnd('Killed'))
      return { write: () => undefined, pendingBytes, finish: () => undefined, kill: () => undefined }
    })
    trial.ladder.config(shown.config)
    for (const sample of shown.samples.slice(0, 25)) trial.ladder.sample(sample)
    trial.ladder.want(480)
    trial.ladder.sample(shown.samples[25]!)
    await new Promise(setImmediate)
    await new Promise(setImmediate)
    for (const sample of shown.samples.slice(26)) trial.ladder.sample(sample)
    assert.is(trial.started, 1)
    assert.is(trial.logged.length, 1)
    assert.equal(trial.offers.at(-1), [])
    trial.nowMs = 60_000
    for (const sample of shown.samples.slice(-25)) trial.ladder.sample(sample)
    assert.is(trial.offers.at(-1)?.length, 1, 'offered again after a rest')
    trial.ladder.close()
  }
})

test.run()
