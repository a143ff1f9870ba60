import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { nearestStill } from './live-stills.ts'

const dates = [1_000_000, 1_005_000, 1_400_000]

test('a moment has the last picture before it, the first moments the first one [LIVE-12]', () => {
  assert.is(nearestStill(dates, 1_005_000, 600_000), 1_005_000)
  assert.is(nearestStill(dates, 1_004_999, 600_000), 1_000_000)
  assert.is(nearestStill(dates, 990_000, 600_000), 1_000_000)
})

test('none stands for what is far from it, as far as the line can tell [LIVE-12]', () => {
  assert.is(nearestStill([], 1_000_000, 600_000), null)
  assert.is(nearestStill(dates, 1_300_000, 600_000), null)
  assert.is(nearestStill(dates, 1_300_000, 8 * 3_600_000), 1_005_000)
  assert.is(nearestStill(dates, 100_000, 600_000), null)
})

test.run()
