import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Playback } from '../../contract.ts'
import { recordingSource } from './recording-source.ts'

const playback: Playback = {
  hls: '/hls/t/one/replay.m3u8',
  hlsPlain: '/hls/t/one/replay.m3u8',
  dvr: null,
  audio: '/hls/t/one/sound-replay.m3u8',
  angles: [],
  listen: null,
  hasVideo: true,
  hasAudio: true,
}

test('what is trimmed has other addresses, the sound alone too', () => {
  const trim = { startMs: 1_000, endMs: 5_000, wholeMs: 9_000 }
  const source = recordingSource({ id: 'one', trim }, playback)
  const mark = '?cut=1000-5000'
  const { hls, hlsPlain, audio } = source.playback
  assert.equal(
    [source.id, hls, hlsPlain, audio],
    [`one${mark}`, `${playback.hls}${mark}`, `${playback.hlsPlain}${mark}`, `${playback.audio}${mark}`],
  )
  assert.is(recordingSource({ id: 'one', trim }, { ...playback, audio: null }).playback.audio, null)
  assert.equal(recordingSource({ id: 'one', trim: null }, playback).playback, playback)
})

test.run()
