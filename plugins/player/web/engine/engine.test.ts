import type { Page } from 'playwright-core'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { sampleRate } from './test-kit.ts'
import {
  decibel,
  heard,
  open,
  play,
  type Recording,
  slips,
  toneAt,
  until,
  untilAt,
  worst,
} from './testdata/ears.ts'
import type { Rig } from './testdata/page.ts'
import { album, lengths, openStudio, pair, type Studio, share, track } from './testdata/studio.ts'

declare const rig: Rig

const engine = suite<Studio>('player engine: sound')
engine.before(async (context) => {
  Object.assign(context, await openStudio())
})
engine.after((context) => context.close?.())

/** Nothing lost, nothing added, nothing moved: the length is right, and both tones go on in their phase. */
function assertWhole(recording: Recording, samples: number, tolerance: number): void {
  const due = (samples * recording.rate) / sampleRate
  const off = recording.samples.length - due
  assert.ok(Math.abs(off) <= tolerance + 40, `${off} samples more than ${due}`)
  for (const frequency of pair) {
    const slip = worst(slips(recording, frequency))
    assert.ok(slip <= tolerance, `${slip} samples of slip at ${frequency} Hz`)
  }
}

/** A starved machine may drop out once, an engine that loses samples does so each time. */
async function wholeAtLast(
  play: () => Promise<Recording>,
  samples: number,
  tolerance: number,
): Promise<void> {
  for (let left = 2; ; left--) {
    const recording = await play()
    try {
      return assertWhole(recording, samples, tolerance)
    } catch (error) {
      if (left === 0) throw error
    }
  }
}

for (const [quality, profile, tolerance] of [
  ['lossless', 'flac', 0.2],
  ['high', 'aac-256', 2],
] as const)
  engine(
    `plays an album’s neighbours in ${profile} as one, whatever the crossfade [LIST-20]`,
    async ({ page }) => {
      const listen = async () => {
        await open(page, { tracks: album, settings: { quality, crossfadeMs: 5000 } })
        await play(page, album)
        await until(page, 'ended')
        return heard(page)
      }
      await wholeAtLast(listen, lengths.one + lengths.two, tolerance)
      const sounding = await page.evaluate(() => rig.states.find(({ sounding }) => sounding)?.sounding)
      assert.is(sounding?.profile, profile)
      const events = await page.evaluate(() => rig.events.map(([event, data]) => `${event} ${data.trackId}`))
      assert.equal(events, ['counted one', 'left one', 'counted two', 'left two'])
    },
  )

engine('fades others into each other with a steady power [LIST-19]', async ({ page }) => {
  const tracks = [track('low'), track('high', { releaseId: 'other' })]
  await open(page, { tracks, settings: { quality: 'high', crossfadeMs: 900 } })
  await play(page, tracks, 500)
  await until(page, 'ended')
  const recording = await heard(page)
  const window = Math.round(recording.rate / 20)
  const powers: [number, number][] = []
  for (let at = 0; at + window < recording.samples.length; at += window)
    powers.push(
      [400, 1500].map((frequency) => toneAt(recording, frequency, at, window).level ** 2) as [number, number],
    )
  const full = powers[4]![0]
  const both = powers.filter(([low, high]) => low > full * 0.02 && high > full * 0.02)
  assert.ok(both.length >= 12 && both.length <= 19, `${both.length} windows of 50 ms with both`)
  const sums = both.map(([low, high]) => decibel(Math.sqrt((low + high) / full)))
  assert.ok(worst(sums) < 0.6, `power within the fade: ${sums.map((value) => value.toFixed(2))}`)
})

engine(
  'changes the quality in the middle without a gap and says what sounds [PLAY-11]',
  async ({ page, server }) => {
    const listen = async () => {
      await open(page, { tracks: [track('long')], settings: { quality: 'low' } })
      await play(page, [track('long')])
      await untilAt(page, 300)
      await page.evaluate(() => rig.player.set({ quality: 'high' }))
      await untilAt(page, 2600)
      await page.evaluate(() => rig.player.set({ quality: 'lossless' }))
      await until(page, 'ended')
      return heard(page)
    }
    server.requests.length = 0
    await wholeAtLast(listen, lengths.long, 2)
    const sounded = await page.evaluate(() => rig.states.map(({ sounding }) => sounding?.profile))
    const changes = sounded.filter((profile, at) => profile && profile !== sounded[at - 1])
    assert.equal(changes, ['aac-96', 'aac-256', 'flac'])
  },
)

/** Levels of both tones while the long track plays, before and after a change. */
async function levels(page: Page, change: () => Promise<unknown>): Promise<[number, number][]> {
  const found: [number, number][] = []
  for (const prepare of [async () => {}, change]) {
    await prepare()
    await page.waitForTimeout(300)
    await heard(page)
    await page.waitForTimeout(500)
    const recording = await heard(page)
    const window = Math.round(recording.rate / 4)
    found.push(pair.map((tone) => toneAt(recording, tone, 500, window).level) as [number, number])
  }
  return found
}

engine('raises a band of the equaliser and leaves the others [LIST-22]', async ({ page }) => {
  await open(page, { tracks: [track('long')], settings: { quality: 'high', volume: 0.5 } })
  await play(page, [track('long')])
  await until(page, 'playing')
  const change = () => page.evaluate(() => rig.player.set({ equaliser: [0, 0, 0, 0, 0, 9, 0, 0, 0, 0] }))
  const [before, after] = await levels(page, change)
  const [middle, low] = [0, 1].map((at) => decibel(after![at]! / before![at]!))
  assert.ok(Math.abs(middle! - 9) < 1.5, `${middle} dB at 1 kHz`)
  assert.ok(Math.abs(low!) < 1, `${low} dB at 61 Hz`)
})

engine('follows the volume, and mutes [PLAY-03]', async ({ page }) => {
  await open(page, { tracks: [track('long')], settings: { quality: 'high' } })
  await play(page, [track('long')])
  await until(page, 'playing')
  const [before, after] = await levels(page, () => page.evaluate(() => rig.player.set({ volume: 0.5 })))
  assert.ok(Math.abs(after![0] / before![0] - 0.125) < 0.01, `${after![0] / before![0]}`)
  const [, muted] = await levels(page, () => page.evaluate(() => rig.player.set({ isMuted: true })))
  assert.ok(muted![0] < 1e-4)
  assert.equal(await page.evaluate(() => rig.player.settings.value.volume), 0.5)
})

engine(
  'gives each track its own gain from its first sample on, held under the peak guard [LIST-21]',
  async ({ page }) => {
    // The first may only rise by 2 dB under -1 dBTP; the second falls by 6.
    const loud = [
      track('one', { trackGainDb: 9, truePeakDbtp: -3 }),
      track('two', { trackNumber: 2, trackGainDb: -6, truePeakDbtp: -6 }),
    ]
    await open(page, { tracks: loud, settings: { quality: 'lossless', gainMode: 'track' } })
    await play(page, loud)
    await until(page, 'playing', 'one')
    assert.is(await page.evaluate(() => rig.player.state.value.gainDb), 2)
    await until(page, 'ended')
    const recording = await heard(page)
    const window = Math.round(recording.rate / 50)
    const strength: number[] = []
    for (let at = 0; at + window < recording.samples.length; at += window)
      strength.push(toneAt(recording, 997, at, window).level)
    const [first, last] = [strength[5]!, strength.at(-5)!]
    assert.ok(Math.abs(decibel(first / share) - 2) < 0.2, `${decibel(first / share)} dB in the first`)
    assert.ok(Math.abs(decibel(last / share) + 6) < 0.2, `${decibel(last / share)} dB in the second`)
    const step = strength.findIndex((level) => level < (first + last) / 2) * 20
    const boundary = (lengths.one / sampleRate) * 1000
    assert.ok(Math.abs(step - boundary) < 80, `the gain changed at ${step} ms, the track at ${boundary}`)
  },
)

engine('plays faster without raising the pitch [LIST-18]', async ({ page }) => {
  await open(page, { tracks: [track('long')], settings: { quality: 'high', speed: 1.5 } })
  await play(page, [track('long')], 2000)
  await until(page, 'ended')
  const recording = await heard(page)
  const seconds = recording.samples.length / recording.rate
  assert.ok(Math.abs(seconds - 2) < 0.15, `3 s of music took ${seconds} s`)
  const near = (frequency: number) => toneAt(recording, frequency, 10_000, recording.rate / 5).level
  assert.ok(near(997) > 0.15, `${near(997)} at 997 Hz`)
  assert.ok(near(1495.5) < 0.02, `${near(1495.5)} at 1495.5 Hz`)
})

engine.run()
