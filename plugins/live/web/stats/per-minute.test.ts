import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { perMinute } from './per-minute.ts'

test('what was counted in ten seconds is told by the minute [LIVE-18]', () => {
  assert.equal(perMinute([1, 0, 2, 0, 0, 1, 5, 1], 10), { values: [4, 6], stepS: 60 })
  assert.equal(perMinute([10, 5], 300), { values: [2, 1], stepS: 300 })
  assert.equal(perMinute([], 10), { values: [], stepS: 60 })
})

test.run()
