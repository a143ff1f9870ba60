import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { areaPath, linePath, niceTop, rowsOf } from './scale.ts'

test('an axis ends at a good number above the largest [LIVE-18]', () => {
  assert.equal(
    [0, 1, 2, 3, 9, 10, 11, 52, 99, 5_000, 6_001].map(niceTop),
    [2, 2, 2, 4, 10, 10, 20, 60, 100, 6_000, 8_000],
  )
})

test('a line begins anew after a hole, a lone value is seen, and no area is where nothing is known [LIVE-18]', () => {
  assert.is(linePath([0, 5, 10], 10), 'M0 100L50 50L100 0')
  assert.is(linePath([0, 5, null, 10, 10], 10), 'M0 100L25 50M75 0L100 0')
  assert.is(linePath([null, 5, null], 10), 'M50 50h25.00')
  assert.is(linePath([20], 10), 'M0 0h100')
  assert.is(areaPath([0, 10], 10), 'M0 100L100 0L100 100L0 100Z')
  assert.is(areaPath([5, 10, null, null, 10], 10), 'M0 50L25 0L25 100L0 100Z')
  assert.is(areaPath([null, 5, 5], 10), 'M50 50L100 50L100 100L50 100Z')
  assert.equal([linePath([], 10), areaPath([3], 10), areaPath([3, null], 10)], ['', '', ''])
})

test('a table has no more rows than can be read [LIVE-18]', () => {
  assert.equal(rowsOf(5, 60), [0, 1, 2, 3, 4])
  assert.equal(rowsOf(0, 60), [])
  assert.equal(rowsOf(180, 60).length, 60)
  assert.equal(rowsOf(181, 60).slice(0, 3), [0, 4, 8])
})

test.run()
