import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { describeAac } from './aac.ts'
import { describeAvc } from './avc.ts'
import { fragment } from './fmp4.ts'
import { encode, type Sent } from './test-kit.ts'

const test = suite('codecs')

function configOf(sent: Sent[], track: 'video' | 'audio'): Buffer {
  const found = sent.find((one) => one.track === track && 'config' in one)
  assert.ok(found && 'config' in found)
  return found.config
}

test('reads the size that is shown, without the cropped rows', async () => {
  for (const [size, width, height] of [
    ['320x180', 320, 180],
    ['1920x1080', 1920, 1080],
    ['854x480', 854, 480],
  ] as const) {
    const described = describeAvc(configOf(await encode({ seconds: 0.2, size }), 'video'))
    assert.is(described.width, width)
    assert.is(described.height, height)
    assert.match(described.codec, /^avc1\.64[0-9a-f]{4}$/)
  }
})

test('reads rate, channels and kind of AAC', async () => {
  const config = configOf(await encode({ seconds: 0.2, rate: 44_100 }), 'audio')
  const plain = { codec: 'mp4a.40.2', sampleRateHz: 44_100, channels: 2, frameSamples: 1024 }
  assert.equal(describeAac(config), plain)
  // HE-AAC: object type 5, core 24 kHz, stereo, output 48 kHz, core object type 2.
  const he = { codec: 'mp4a.40.5', sampleRateHz: 48_000, channels: 2, frameSamples: 2048 }
  assert.equal(describeAac(Buffer.from('2b11880000', 'hex')), he)
})

test('refuses settings that make no sense, whatever the bytes', async () => {
  const avcC = configOf(await encode({ seconds: 0.2 }), 'video')
  for (let length = 0; length < 20; length++) {
    assert.throws(
      () => describeAvc(avcC.subarray(0, length)),
      (error: unknown) => error instanceof RangeError,
    )
  }
  assert.throws(
    () => describeAac(Buffer.from('00', 'hex')),
    (error: unknown) => error instanceof RangeError,
  )
  let seed = 1
  for (let i = 0; i < 20_000; i++) {
    const bytes = Buffer.from(avcC)
    seed = (seed * 48_271) % 2_147_483_647
    bytes[8 + (seed % (bytes.length - 8))] = seed & 0xff
    try {
      describeAvc(bytes)
    } catch (error) {
      assert.ok(error instanceof RangeError, String(error))
    }
  }
})

test('keeps the bytes of samples and negative offsets in a fragment', () => {
  const samples = ['one', 'three'].map((text, i) => ({
    data: Buffer.from(text),
    durationTicks: 3000,
    offsetTicks: i * -3000,
    isKey: i === 0,
  }))
  const bytes = fragment({ track: 'video', sequence: 7, baseTicks: 2 ** 40 }, samples)
  const moofSize = bytes.readUInt32BE(0)
  assert.is(bytes.length, moofSize + 8 + 8)
  assert.is(bytes.toString('latin1', moofSize + 4), 'mdatonethree')
  assert.is(bytes.readBigUInt64BE(64), BigInt(2 ** 40))
  assert.is(bytes.readInt32BE(moofSize - 4), -3000)
})

test.run()
