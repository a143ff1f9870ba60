import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { lineAt, readLrc } from './lrc.ts'

test('reads times, repeated lines and an offset, and leaves out what has no time [PLAY-12]', () => {
  const lines = readLrc(
    '[ar:Ana]\n[offset:500]\r\n[00:12.50]First\n[01:02:25][00:20]Again\nno time\n[00:30.1]',
  )
  assert.equal(lines, [
    { atMs: 12_000, text: 'First' },
    { atMs: 19_500, text: 'Again' },
    { atMs: 29_600, text: '' },
    { atMs: 61_750, text: 'Again' },
  ])
  assert.equal(readLrc(''), [])
})

test('finds the line that is sung [PLAY-12]', () => {
  const lines = readLrc('[00:10]a\n[00:20]b')
  assert.equal(
    [0, 9_999, 10_000, 19_000, 20_000, 90_000].map((ms) => lineAt(lines, ms)),
    [-1, -1, 0, 0, 1, 1],
  )
})

test.run()
