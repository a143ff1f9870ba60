import { createHmac } from 'node:crypto'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import { type Measured, notesOf } from './health.ts'
import type { StreamHealth } from './media/types.ts'
import { PlaybackTokens } from './playback-token.ts'
import { Viewers } from './viewers.ts'
import { WrongKeyLimit } from './wrong-key-limit.ts'

const good: StreamHealth = {
  bitrateKbps: 2600,
  videoKbps: 2440,
  audioKbps: 160,
  fps: 30,
  width: 1280,
  height: 720,
  videoCodec: 'avc1.64001f',
  audioCodec: 'mp4a.40.2',
  sampleRateHz: 48_000,
  channels: 2,
  keyFrameIntervalMs: 2000,
  droppedFrames: 0,
  lagMs: 80,
  encoder: 'obs',
  connectedAt: '2026-01-01T10:00:00.000Z',
}
const codes = (changes: Partial<StreamHealth>, more: Partial<Measured> = {}) =>
  notesOf({
    status: 'live',
    health: { ...good, ...changes },
    audioPeakDb: -6,
    warnings: new Map(),
    connectedS: 100,
    ...more,
  }).map((note) => `${note.level} ${note.code}`)

const health = suite('stream health in notes [LIVE-17]')
health('a good stream is well', () => {
  assert.equal(codes({}), ['ok all-well'])
})
health('each fault has its code, the worst first', () => {
  assert.equal(codes({ lagMs: 3000 }), ['warn uplink-slow'])
  assert.equal(codes({ lagMs: 6000, keyFrameIntervalMs: 8300 }), ['bad uplink-slow', 'warn long-key-frames'])
  assert.equal(codes({ droppedFrames: 20 }), ['warn dropped-frames'])
  assert.equal(codes({ droppedFrames: 400 }), ['bad dropped-frames'])
  assert.equal(codes({ videoKbps: 500 }), ['warn low-bitrate'])
  for (const videoCodec of ['avc1.6e001f', 'avc1.7A0028', 'avc1.f4001e'])
    assert.equal(codes({ videoCodec }), ['bad studio-colours'], videoCodec)
  assert.equal(codes({ audioCodec: null }), ['warn no-audio'])
  assert.equal(codes({}, { audioPeakDb: -90 }), ['warn audio-silent'])
  assert.equal(codes({}, { audioPeakDb: 0 }), ['warn audio-clipping'])
})
health('sound alone is no fault', () => {
  assert.equal(codes({ videoCodec: null, videoKbps: 0, fps: 0, width: 0, height: 0 }), ['ok all-well'])
})
health('a lost publisher is all there is to say', () => {
  assert.equal(codes({ lagMs: 9000 }, { status: 'interrupted' }), ['bad interrupted'])
})
health('what the ingest refused is said, a mended key-frame interval is not', () => {
  const warnings = new Map([
    ['unsupported-codec', 'hvc1'],
    ['long-key-frames', '8.3'],
  ] as const)
  assert.equal(codes({}, { warnings }), ['bad unsupported-codec'])
})
health.run()

const tokens = suite('signed playback addresses [LIVE-20]')
const signerOf = (key: string) => ({
  sign: (purpose: string, value: string) =>
    createHmac('sha256', key).update(`${purpose} ${value}`).digest('base64url'),
  verify: (purpose: string, value: string, signature: string) =>
    createHmac('sha256', key).update(`${purpose} ${value}`).digest('base64url') === signature,
})
const tokensOf = (key: string, now?: () => number) => new PlaybackTokens(signerOf(key), 'veza_session', now)
const partsOf = (address: string) => address.split('/').slice(2) as [string, string, string]
const day = 86_400_000

tokens('all viewers of a day share one address', () => {
  const streamId = newId()
  const at = (now: number) => tokensOf('a', () => now).address(streamId, 'index')
  const midnight = 20_000 * day
  assert.is(at(midnight), at(midnight + day - 1))
  assert.is.not(at(midnight), at(midnight + day))
})
tokens('an address is good for at least a day and not for three', () => {
  const streamId = newId()
  let now = 20_000 * day + 5
  const desk = tokensOf('a', () => now)
  const [token] = partsOf(desk.address(streamId, 'replay'))
  for (const [at, isGood] of [
    [now, true],
    [now + day, true],
    [now + 2 * day, false],
  ] as const) {
    now = at
    assert.is(desk.check(token, streamId, {}) === 'public', isGood)
    assert.is(tokensOf('a', () => now).check(token, streamId, {}) === 'public', isGood)
  }
})
tokens('an address is worth nothing for another stream, on another site, or with another expiry', () => {
  const streamId = newId()
  const desk = tokensOf('a')
  const [token, id] = partsOf(desk.address(streamId, 'index'))
  assert.is(id, streamId)
  assert.is(desk.check(token, newId(), {}) === 'public', false)
  assert.is(tokensOf('b').check(token, streamId, {}) === 'public', false)
  const [expiry = '', signature = ''] = token.split('.')
  const later = (Number.parseInt(expiry, 36) + 86_400).toString(36)
  for (const bad of [
    `${later}.${signature}`,
    signature,
    `${expiry}.`,
    `.${signature}`,
    '',
    `zzzzzzzzzzz.${signature}`,
  ])
    assert.is(desk.check(bad, streamId, {}) === 'public', false, bad)
})
tokens.run()

const viewers = suite('viewers counted from playback [LIVE-16]')
viewers('each viewer counts once and until 12 s after the last request', () => {
  let now = 0
  const told: [string, number][] = []
  const counter = new Viewers(
    (id, count) => told.push([id, count]),
    () => now,
  )
  for (const viewer of ['one', 'two', 'one']) counter.seen('s', viewer)
  counter.seen('t', 'one')
  assert.equal([counter.count('s'), counter.count('t'), counter.total], [2, 1, 3])
  counter.tick()
  counter.tick()
  now = 8_000
  counter.seen('s', 'two')
  now = 13_000
  counter.tick()
  now = 30_000
  counter.tick()
  assert.equal(told, [
    ['s', 2],
    ['t', 1],
    ['s', 1],
    ['t', 0],
    ['s', 0],
  ])
  assert.is(counter.total, 0)
})
viewers('no id and an endless id are not counted', () => {
  const counter = new Viewers(() => undefined)
  counter.seen('s', '')
  counter.seen('s', 'x'.repeat(65))
  counter.stop()
  assert.is(counter.count('s'), 0)
})
viewers.run()

const limit = suite('wrong stream keys by address [LIVE-02]')
limit('an address is turned away after 20 wrong keys in a minute, others are not', () => {
  let now = 0
  const wrong = new WrongKeyLimit(() => now)
  for (let i = 0; i < 20; i++) {
    assert.is(wrong.isOver('192.0.2.1'), false)
    wrong.add('192.0.2.1')
  }
  assert.is(wrong.isOver('192.0.2.1'), true)
  assert.is(wrong.isOver('192.0.2.2'), false)
  // Everybody with IPv6 has as many addresses as they like, in one network.
  for (let i = 0; i < 20; i++) wrong.add(`2001:db8:1:2::${i}`)
  assert.is(wrong.isOver('2001:db8:1:2::ffff'), true)
  assert.is(wrong.isOver('2001:db8:1:3::1'), false)
  now = 60_000
  assert.is(wrong.isOver('192.0.2.1'), false)
})
limit.run()
