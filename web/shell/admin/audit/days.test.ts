import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { beginOf, endOf } from './days.ts'

const test = suite('days of the audit log')

test('a day goes from its first to its last millisecond, where the reader is', () => {
  assert.is(beginOf('2026-03-01'), new Date(2026, 2, 1).toISOString())
  assert.is(endOf('2026-03-01'), new Date(2026, 2, 1, 23, 59, 59, 999).toISOString())
})

test('the last day of a year ends in that year', () => {
  assert.is(endOf('2026-12-31'), new Date(2026, 11, 31, 23, 59, 59, 999).toISOString())
})

test('what is no day is left out', () => {
  for (const text of ['', '2026', 'yesterday', '2026-3-1']) {
    assert.is(beginOf(text), undefined)
    assert.is(endOf(text), undefined)
  }
})

test.run()
