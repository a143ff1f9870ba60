import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { backOffMs } from './source.ts'

test('waits longer with each failed try, ten seconds at most', () => {
  assert.equal([0, 1, 2, 3, 4, 5, 50].map(backOffMs), [500, 1000, 2000, 4000, 8000, 10_000, 10_000])
})

test.run()
