import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { msOf } from './clock-text.ts'

const test = suite('times as people write them')

test('reads hours, minutes and seconds, and refuses what is none [LIVE-13]', () => {
  assert.equal(
    ['3', '2:03', '1:02:03', ' 90:00 ', '0:01.5'].map(msOf),
    [3_000, 123_000, 3_723_000, 5_400_000, 1_500],
  )
  assert.equal(['', 'a', '1:60', '1:60:00', '-1', '1:2:3:4'].map(msOf), [null, null, null, null, null, null])
})

test.run()
