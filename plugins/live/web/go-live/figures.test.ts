import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { useTexts } from '#web'
import type { Health } from '../../contract.ts'
import { figuresOf } from './figures.ts'
import { goLiveTexts } from './texts.ts'

const health: Health = {
  streamId: '01890000-0000-7000-8000-000000000000',
  status: 'live',
  startedAt: null,
  viewers: 0,
  bitrateKbps: 4812,
  fps: 29.97,
  width: 1920,
  height: 1080,
  videoCodec: 'avc1.640028',
  audioCodec: 'mp4a.40.2',
  keyFrameIntervalMs: 2000,
  droppedFrames: 1,
  lagMs: 0,
  delayMs: null,
  viewerDelayMs: null,
  audioPeakDb: -9.2,
  encoder: 'OBS',
  notes: [],
}
const shown = (change: Partial<Health> = {}) =>
  figuresOf(useTexts(goLiveTexts), { ...health, ...change }).map(({ value, words }) => `${value} ${words}`)

test('shows the four numbers a DJ looks at', () => {
  assert.equal(shown(), [
    '4.8 Mbit/s picture 1080p, 30 fps',
    '2.0 s between key frames',
    '1 frame lost',
    '\u22129 dB audio peak',
  ])
})

test('shows the measured delay, to viewers where there are some [LIVE-03] [LIVE-17]', () => {
  assert.is(shown({ delayMs: 373 })[4], '0.4 s until it can be watched')
  assert.is(shown({ delayMs: 373, viewerDelayMs: 1_873 })[4], '1.9 s until viewers see it')
})

test('shows a dash for what is not measured, and knows sound without a picture', () => {
  const none = { bitrateKbps: 160, height: 0, width: 0, fps: 0, videoCodec: null, keyFrameIntervalMs: 0 }
  assert.equal(shown({ ...none, audioPeakDb: null, droppedFrames: 0 }), [
    '160 kbit/s sound only',
    '– between key frames',
    '0 frames lost',
    '– audio peak',
  ])
})

test.run()
