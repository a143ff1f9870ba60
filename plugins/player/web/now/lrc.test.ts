import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { lineAt, readLrc } from './lrc.ts'

test('reads lines with one or several times, in order [PLAY-12]', () => {
  const lines = readLrc('[ar:Somebody]\n[00:12.50]Second\r\n[00:01.5][01:02.003]Twice\n\nno time')
  assert.equal(lines, [
    { atMs: 1500, text: 'Twice' },
    { atMs: 12_500, text: 'Second' },
    { atMs: 62_003, text: 'Twice' },
  ])
})

test('takes an offset, drops marks of words, keeps pauses', () => {
  assert.equal(readLrc('[offset:+500]\n[00:02]<00:02.10>Low <00:02.50>tide\n[00:04]'), [
    { atMs: 1500, text: 'Low tide' },
    { atMs: 3500, text: '' },
  ])
})

test('finds the line that is sung [PLAY-12]', () => {
  const lines = readLrc('[00:01]a\n[00:02]b')
  assert.equal(
    [0, 1000, 1999, 2000, 99_000].map((ms) => lineAt(lines, ms)),
    [-1, 0, 0, 1, 1],
  )
})

test.run()
