import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Angle, Playback } from '../../contract.ts'
import { isSameMedia, offsetMsOf, streamIdOf } from './source.ts'
import { planFor, type Wish } from './wish.ts'

const one = '01890000-0000-7000-8000-000000000001'
const two = '01890000-0000-7000-8000-000000000002'
const at = (id: string, file: string, token = 't1.s1') => `/hls/${token}/${id}/${file}.m3u8`

const angle = (camera: number, id: string, offsetMs = 0): Angle => ({
  id,
  camera,
  title: `Camera ${camera}`,
  hls: at(id, 'index'),
  offsetMs,
})
const playback = (change: Partial<Playback> = {}): Playback => ({
  hls: at(one, 'index'),
  hlsPlain: at(one, 'plain'),
  dvr: at(one, 'replay'),
  audio: at(one, 'sound'),
  angles: [],
  listen: null,
  hasVideo: true,
  hasAudio: true,
  ...change,
})
const wish = (change: Partial<Wish> = {}): Wish => ({
  playback: playback(),
  isLive: true,
  quality: 'auto',
  camera: null,
  isPoor: false,
  ...change,
})
const cameras = [angle(1, one), angle(2, two, 120)]

test('plays the low-latency playlist, the plain one over a poor line, the sound alone for who chose it [LIVE-03] [LIVE-05]', () => {
  assert.equal(planFor(wish()), { front: { kind: 'live', url: at(one, 'index') }, picture: null })
  assert.is(planFor(wish({ isPoor: true })).front.url, at(one, 'plain'))
  assert.is(planFor(wish({ quality: 'audio' })).front.url, at(one, 'sound'))
  assert.is(
    planFor(wish({ quality: 'audio', playback: playback({ audio: null }) })).front.url,
    at(one, 'index'),
  )
})

test('a chosen camera is a picture over the sound that goes on; the main one needs none [LIVE-10]', () => {
  const event = playback({ angles: cameras })
  assert.equal(planFor(wish({ playback: event, camera: 2 })).picture, cameras[1])
  assert.is(planFor(wish({ playback: event, camera: 1 })).picture, null)
  assert.is(planFor(wish({ playback: event })).picture, null)
  assert.is(planFor(wish({ playback: event, camera: 2, quality: 'audio' })).picture, null)
})

test('a camera that is away gives way to the main one [LIVE-10]', () => {
  assert.is(planFor(wish({ playback: playback({ angles: [cameras[0]!] }), camera: 2 })).picture, null)
})

test('with the sound of another camera that sound plays, and the main picture is laid over it [LIVE-11]', () => {
  const event = playback({ angles: cameras, audio: at(two, 'sound'), audioOffsetMs: 120 })
  const plan = planFor(wish({ playback: event }))
  assert.is(plan.front.url, at(two, 'sound'))
  assert.equal(plan.picture, cameras[0])
  assert.equal(planFor(wish({ playback: event, camera: 2 })).picture, cameras[1])
})

test('dates are brought onto the main clock by the camera they come from [LIVE-11]', () => {
  const event = playback({ angles: cameras, audio: at(two, 'sound'), audioOffsetMs: 120 })
  assert.is(offsetMsOf(event, at(one, 'index')), 0)
  assert.is(offsetMsOf(event, at(two, 'index')), 120)
  assert.is(offsetMsOf(event, at(two, 'sound')), 120)
  assert.is(offsetMsOf({ ...event, angles: [] }, at(two, 'sound', 'later.s2')), 120)
  assert.is(offsetMsOf(playback(), at(one, 'replay')), 0)
})

test('an address that was signed anew is the same media, another list of it is not [LIVE-03]', () => {
  assert.ok(isSameMedia(at(one, 'index'), `${at(one, 'index', 'later.s2')}?uncounted`))
  assert.not.ok(isSameMedia(at(one, 'index'), at(one, 'plain')))
  assert.not.ok(isSameMedia(at(one, 'index'), at(two, 'index')))
  assert.is(streamIdOf('/elsewhere.m3u8'), null)
})

test.run()
