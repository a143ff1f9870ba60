import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parseAudioTag, parseVideoTag } from './flv-tags.ts'

const test = suite('FLV tags')
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const enhanced = (first: number, codec: string, rest = '00000001') =>
  Buffer.concat([Buffer.from([first]), Buffer.from(codec), hex(rest)])

test('reads an AVC sequence header', () => {
  assert.equal(parseVideoTag(hex('17 00 000000 0142c01e')), { kind: 'config', config: hex('0142c01e') })
})

test('reads NAL units with a composition offset, also a negative one', () => {
  const key = { kind: 'sample', isKey: true, ctsMs: 80, data: hex('0000000165') }
  const inter = { kind: 'sample', isKey: false, ctsMs: -1, data: hex('0000000141') }
  assert.equal(parseVideoTag(hex('17 01 000050 0000000165')), key)
  assert.equal(parseVideoTag(hex('27 01 ffffff 0000000141')), inter)
})

test('reads an AudioSpecificConfig and raw AAC', () => {
  assert.equal(parseAudioTag(hex('af 00 1190')), { kind: 'config', config: hex('1190') })
  assert.equal(parseAudioTag(hex('af 01 2110')), { kind: 'sample', isKey: true, ctsMs: 0, data: hex('2110') })
})

test('reads H.264 and AAC in their enhanced form', () => {
  assert.is(parseVideoTag(enhanced(0x90, 'avc1')).kind, 'config')
  assert.equal(parseVideoTag(enhanced(0x91, 'avc1', '000050 65')), {
    kind: 'sample',
    isKey: true,
    ctsMs: 80,
    data: hex('65'),
  })
  assert.equal(parseVideoTag(enhanced(0xa3, 'avc1', '41')), {
    kind: 'sample',
    isKey: false,
    ctsMs: 0,
    data: hex('41'),
  })
  assert.is(parseAudioTag(enhanced(0x90, 'mp4a', '1190')).kind, 'config')
  assert.is(parseAudioTag(enhanced(0x91, 'mp4a', '2110')).kind, 'sample')
})

test('takes the first of several tracks and passes over the others, in every way they share a message', () => {
  const sample = { kind: 'sample', isKey: true, ctsMs: 0, data: hex('2110') }
  const extra = { kind: 'extra' }
  // One track alone, as OBS sends the second sound of a video on demand: its settings, a frame, the end of it.
  for (const text of ['95 00 6d703461 01 1190', '95 01 6d703461 01 2110', '95 02 6d703461 01'])
    assert.equal(parseAudioTag(hex(text)), extra, text)
  assert.equal(parseVideoTag(hex('96 01 61766331 01 000000 65')), extra)
  assert.equal(parseAudioTag(hex('95 01 6d703461 00 2110')), sample)
  const picture = { kind: 'sample', isKey: true, ctsMs: 80, data: hex('65') }
  assert.equal(parseVideoTag(hex('96 01 61766331 00 000050 65')), picture)
  // Several of one codec, then each with its own; each with its length.
  assert.equal(parseAudioTag(hex('95 11 6d703461 01 000003 aabbcc 00 000002 2110')), sample)
  assert.equal(parseAudioTag(hex('95 21 4f707573 02 000001 aa 6d703461 00 000002 2110')), sample)
  assert.equal(parseAudioTag(hex('95 11 6d703461 01 000002 aabb')), extra)
  assert.equal(parseAudioTag(hex('95 01 4f707573 00 aabb')), { kind: 'unsupported', codec: 'Opus' })
  // A track that says it holds several again, and one cut short.
  assert.is(parseVideoTag(hex('96 06 61766331 00 96 06 61766331 00')).kind, 'nothing')
  assert.equal(parseAudioTag(hex('95 11 6d703461 01 0000')), extra)
})

test('names the codecs that players cannot use [LIVE-02]', () => {
  const video = (bytes: Buffer, codec: string) =>
    assert.equal(parseVideoTag(bytes), { kind: 'unsupported', codec })
  const audio = (bytes: Buffer, codec: string) =>
    assert.equal(parseAudioTag(bytes), { kind: 'unsupported', codec })
  video(enhanced(0x90, 'hvc1'), 'HEVC (H.265)')
  video(enhanced(0x90, 'av01'), 'AV1')
  video(enhanced(0x90, 'vp09'), 'VP9')
  video(enhanced(0x90, '\u0001abc'), '?abc')
  video(hex('1c 00 000000 01'), 'HEVC (H.265)')
  video(hex('22 00 00'), 'Sorenson H.263')
  audio(enhanced(0x90, 'Opus'), 'Opus')
  audio(enhanced(0x91, 'fLaC'), 'FLAC')
  audio(hex('2f fffb'), 'MP3')
  audio(hex('b2 00'), 'Speex')
})

test('passes over empty messages, ends of sequence and command frames', () => {
  for (const text of ['', '17', '17 02 000000', '17 01 000000', '57 00', '94 68766331']) {
    assert.is(parseVideoTag(hex(text)).kind, 'nothing', text)
  }
  for (const text of ['', 'af', 'af 01', '92']) assert.is(parseAudioTag(hex(text)).kind, 'nothing', text)
})

test('no bytes make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 24 }), (bytes) => {
      parseVideoTag(Buffer.from(bytes))
      parseAudioTag(Buffer.from(bytes))
    }),
  )
})

test.run()
