import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { secondsLeft } from './countdown.ts'

test('counts whole seconds, the one that has begun among them', () => {
  assert.is(secondsLeft(10_000, 0), 10)
  assert.is(secondsLeft(10_000, 9_001), 1)
  assert.is(secondsLeft(10_000, 9_000), 1)
})

test('is over at the moment and after it', () => {
  assert.is(secondsLeft(10_000, 10_000), 0)
  assert.is(secondsLeft(10_000, 99_000), 0)
})

test.run()
