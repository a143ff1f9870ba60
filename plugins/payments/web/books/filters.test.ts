import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isBadAmount, queryOf } from './filters.ts'

const none = { status: '', purpose: '', member: '', from: '', to: '', min: '', max: '' }
const test = suite('filters of the books')

test('what the address says becomes the query, days where the reader is and amounts in minor units', () => {
  assert.equal(queryOf(none, 'EUR'), {})
  const all = { status: 'paid', purpose: 'tips.tip', member: 'ana', from: '2026-03-01', to: '2026-03-01' }
  assert.equal(queryOf({ ...all, min: '5', max: '7,50' }, 'EUR'), {
    ...all,
    from: new Date(2026, 2, 1).toISOString(),
    to: new Date(2026, 2, 1, 23, 59, 59, 999).toISOString(),
    minMinor: 500,
    maxMinor: 750,
  })
  assert.equal(queryOf({ ...none, min: '5' }, 'JPY'), { minMinor: 5 })
})

test('what makes no sense is left out, and amounts that are none are known', () => {
  const odd = { ...none, status: 'lost', from: 'yesterday', min: '-1', max: 'much' }
  assert.equal(queryOf(odd, 'EUR'), {})
  assert.equal(queryOf({ ...none, min: '5' }, undefined), {}, 'until the currency is known')
  assert.equal(
    ['', '5', '5.00', '-1', 'much', '5.001'].map((text) => isBadAmount(text, 'EUR')),
    [false, false, false, true, true, true],
  )
})

test.run()
