import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { areNeighbours, fadeCurve, fadeSeconds, trackGainDb } from './gain.ts'
import { Listening } from './listening.ts'
import { fragmentAt, readManifest, secondsOf, segmentAt } from './manifest.ts'
import { defaultSettings, readSettings } from './settings.ts'
import { playable, tones } from './test-kit.ts'
import { chooseRendition, Throughput } from './throughput.ts'
import type { PlaybackManifest, Profile, Rendition } from './types.ts'

const rendition = (profile: Profile, bitrateKbps: number): Rendition => ({
  profile,
  codec: profile === 'flac' ? 'flac' : 'mp4a.40.2',
  bitrateKbps,
  sampleRate: 48_000,
  channels: 2,
  file: `${profile}.mp4`,
  encoderDelay: profile === 'flac' ? 0 : 1024,
  sampleCount: 100_000,
  init: [0, 100],
  segments: [
    [100, 50, 48_128],
    [150, 50, 48_128],
    [200, 50, 4768],
  ],
})
const manifest: PlaybackManifest = {
  version: 1,
  sampleRate: 48_000,
  sampleCount: 100_000,
  renditions: [rendition('aac-96', 96), rendition('aac-256', 256), rendition('flac', 900)],
}
const track = (change: object) => playable('a', { samples: 480_000, ...change })

test('gain is that of the album or the track, and never lifts a peak over -1 dBTP [LIST-21]', () => {
  const quiet = track({ trackGainDb: 8, albumGainDb: 3, truePeakDbtp: -12, albumTruePeakDbtp: -2 })
  assert.is(trackGainDb(quiet, 'off'), 0)
  assert.is(trackGainDb(quiet, 'track'), 8)
  assert.is(trackGainDb(quiet, 'album'), 1)
  assert.is(trackGainDb(track({ trackGainDb: 8 }), 'track'), 0)
  assert.is(trackGainDb(track({ trackGainDb: -7, truePeakDbtp: 1 }), 'album'), -7)
})

test('neighbours on a release are never faded, also from disc to disc [LIST-19] [LIST-20]', () => {
  const at = (discNumber: number, trackNumber: number, releaseId = 'r') =>
    track({ discNumber, trackNumber, releaseId })
  assert.ok(areNeighbours(at(1, 3), at(1, 4)))
  assert.ok(areNeighbours(at(1, 9), at(2, 1)))
  assert.not.ok(areNeighbours(at(1, 3), at(1, 5)))
  assert.not.ok(areNeighbours(at(1, 4), at(1, 3)))
  assert.not.ok(areNeighbours(at(1, 3), at(1, 4, 's')))
  assert.is(fadeSeconds(at(1, 3), at(1, 4), 12_000), 0)
  assert.is(fadeSeconds(at(1, 3), at(1, 1), 12_000), 5)
})

test('the two sides of a fade have the power of one [LIST-19]', () => {
  const [rise, fall] = [fadeCurve('in'), fadeCurve('out')]
  for (const [at, level] of rise.entries()) assert.ok(Math.abs(level ** 2 + fall[at]! ** 2 - 1) < 1e-6)
})

test('finds the fragment of a moment, priming counted [PLAY-02]', () => {
  const aac = manifest.renditions[0]!
  assert.is(segmentAt(aac, 0), 0)
  const second = secondsOf(aac, fragmentAt(aac, 1)!.sample)
  assert.is(segmentAt(aac, second), 1)
  assert.is(segmentAt(aac, second - 0.001), 0)
  assert.is(segmentAt(aac, 99), 2)
})

test('takes only manifests that it knows [PLAY-07]', () => {
  assert.equal(readManifest(JSON.parse(JSON.stringify(manifest))), manifest)
  const odd = [null, 'x', {}, { ...manifest, version: 2 }, { ...manifest, renditions: [] }]
  const broken = { ...manifest, renditions: [{ ...manifest.renditions[0], segments: [[1, -2, 3]] }] }
  assert.equal([...odd, broken].map(readManifest), [null, null, null, null, null, null])
})

test('auto goes up with much to spare, down before it is tight, and else stays [PLAY-07] [PLAY-11]', () => {
  const choose = (kbps: number, current: Profile | null) =>
    chooseRendition(manifest, { quality: 'auto', current, bitsPerSecond: kbps * 1000, canPlay: () => true })
      ?.profile
  assert.is(choose(5000, null), 'aac-256')
  assert.is(choose(500, null), 'aac-96')
  assert.is(choose(500, 'aac-256'), 'aac-256')
  assert.is(choose(500, 'aac-96'), 'aac-96')
  assert.is(choose(300, 'aac-256'), 'aac-96')
})

test('plays the quality that was chosen, or the nearest that the browser can [PLAY-11]', () => {
  const choose = (quality: 'low' | 'high' | 'lossless', can: Profile[]) =>
    chooseRendition(manifest, {
      quality,
      current: null,
      bitsPerSecond: 0,
      canPlay: ({ profile }) => can.includes(profile),
    })?.profile
  const all: Profile[] = ['aac-96', 'aac-256', 'flac']
  assert.equal([choose('low', all), choose('high', all), choose('lossless', all)], all)
  assert.is(choose('lossless', ['aac-96', 'aac-256']), 'aac-256')
  assert.is(choose('low', ['flac']), 'flac')
  assert.is(choose('low', []), undefined)
})

test('one slow answer lowers the estimate at once, one quick answer does not raise it as much [PLAY-07]', () => {
  const steady = () => {
    const line = new Throughput(1_000_000)
    for (let at = 0; at < 20; at++) line.add(125_000, 1)
    return line
  }
  const [fallen, risen] = [steady(), steady()]
  fallen.add(12_500, 1)
  risen.add(1_250_000, 1)
  assert.ok(fallen.bitsPerSecond < 600_000)
  assert.ok(risen.bitsPerSecond < 3_000_000)
})

test('counts a play once, after 30 s or half of the track, and no seek for listening [PLAY-13]', () => {
  const long = new Listening('a', 600_000, 0)
  long.look(500_000, 1)
  long.jump(550_000)
  assert.is(long.heardMs, 0)
  const counted: number[] = []
  for (let at = 1; at <= 80; at++) if (long.look(550_000 + at * 500, 1)) counted.push(long.heardMs)
  assert.equal(counted, [30_000])
  const short = new Listening('b', 4000, 0)
  assert.equal(
    [1000, 2000, 3000].map((at) => short.look(at, 2)),
    [false, true, false],
  )
  assert.is(short.heardMs, 1500)
})

test('settings stay within their bounds, whatever was stored [PLAY-03] [LIST-18] [LIST-22]', () => {
  const odd = { volume: 7, isMuted: 'yes', quality: 'best', crossfadeMs: 1e9, speed: 0, equaliser: [99] }
  assert.equal(readSettings(odd), { ...defaultSettings, volume: 1, crossfadeMs: 12_000, speed: 0.5 })
  assert.equal(readSettings('nothing'), defaultSettings)
  assert.equal(readSettings({ volume: Number.NaN, speed: 1.25 }), { ...defaultSettings, speed: 1.25 })
})

test('test tones go on in their phase from piece to piece', () => {
  const whole = tones([100], 0, 200)
  assert.equal([...tones([100], 120, 80)], [...whole.subarray(120)])
})

test.run()
