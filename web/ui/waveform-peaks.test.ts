import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { barsOf, loadPeaks, readPeaks } from './waveform-peaks.ts'

/** A file as audiowaveform writes it: per point and channel a lowest and a highest value. */
function datFile(values: number[], { version = 2, isEightBit = true, channels = 1, length = 0 } = {}) {
  const start = version === 2 ? 24 : 20
  const bytes = new ArrayBuffer(start + values.length * (isEightBit ? 1 : 2))
  const view = new DataView(bytes)
  view.setInt32(0, version, true)
  view.setUint32(4, isEightBit ? 1 : 0, true)
  view.setInt32(8, 44_100, true)
  view.setInt32(12, 441, true)
  view.setUint32(16, length || values.length / 2 / channels, true)
  if (version === 2) view.setInt32(20, channels, true)
  for (const [at, value] of values.entries())
    if (isEightBit) view.setInt8(start + at, value)
    else view.setInt16(start + at * 2, value, true)
  return bytes
}

test('reads the loudest of lowest and highest at each point [PLAY-06]', () => {
  assert.equal([...readPeaks(datFile([-64, 32, -1, 127]))!], [0.5, Math.fround(127 / 128)])
})

test('takes both channels, both widths and the older version [PLAY-06]', () => {
  assert.equal([...readPeaks(datFile([-8, 8, -64, 16], { channels: 2 }))!], [0.5])
  assert.equal([...readPeaks(datFile([-16_384, 100], { isEightBit: false }))!], [0.5])
  assert.equal([...readPeaks(datFile([-64, 64], { version: 1 }))!], [0.5])
})

test('a file that was cut off gives what there is, anything else nothing', () => {
  assert.is(readPeaks(datFile([-64, 64, -64, 64], { length: 4_000_000_000 }))!.length, 2)
  assert.is(readPeaks(new TextEncoder().encode('<!doctype html><title>Not found</title>').buffer), null)
  assert.is(readPeaks(new ArrayBuffer(3)), null)
  assert.is(readPeaks(datFile([1, 1], { channels: 0, length: 1 })), null)
})

test('bars are as many as asked for, the loudest of full height', () => {
  const bars = barsOf(new Float32Array([0.1, 0.1, 0.4, 0.4]), 2)
  assert.equal(
    bars.map((height) => Math.round(height * 100)),
    [25, 100],
  )
  assert.is(barsOf(new Float32Array([0.5, 1]), 7).length, 7)
  assert.ok(barsOf(new Float32Array(1000), 3).every((height) => height === 0))
})

test('an address is fetched once, and again after it failed', async () => {
  const asked: string[] = []
  const before = globalThis.fetch
  let answer = new Response(null, { status: 503 })
  globalThis.fetch = async (address) => {
    asked.push(String(address))
    return answer
  }
  try {
    assert.is(await loadPeaks('/a.dat'), null)
    answer = new Response(datFile([-64, 64]))
    const [one, other] = await Promise.all([loadPeaks('/a.dat'), loadPeaks('/a.dat')])
    assert.is(one, other)
    assert.equal([...one!], [0.5])
    assert.equal(asked, ['/a.dat', '/a.dat'])
  } finally {
    globalThis.fetch = before
  }
})

test.run()
