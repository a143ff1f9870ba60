import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseHash, ticketOf } from './hash.ts'

test('reads names and values behind the hash, and leaves places of the page alone', () => {
  assert.equal(parseHash('#token=a-b_c&x=1%202'), { token: 'a-b_c', x: '1 2' })
  assert.equal(parseHash('#main'), {})
  assert.equal(parseHash(''), {})
})

test('finds the second step in an address and in a problem alike [AUTH-08]', () => {
  const expected = { ticket: 'abc', methods: ['totp', 'recovery'] }
  assert.equal(ticketOf(parseHash('#ticket=abc&methods=totp,recovery')), expected)
  assert.equal(ticketOf({ ticket: 'abc', methods: ['recovery', 'totp', 'telepathy'] }), expected)
})

test('a ticket without ways that this page knows is tried by code', () => {
  assert.equal(ticketOf({ ticket: 'abc' }), { ticket: 'abc', methods: ['totp', 'recovery'] })
  assert.equal(ticketOf({ ticket: 'abc', methods: 'passkey' })?.methods, ['passkey'])
})

test('without a ticket there is no second step', () => {
  assert.is(ticketOf({}), null)
  assert.is(ticketOf({ ticket: '', methods: ['totp'] }), null)
  assert.is(ticketOf({ ticket: 7 }), null)
})

test.run()
