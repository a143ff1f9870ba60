import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { TipTerms } from '../contract.ts'
import { amountOf, keyKeeper, maxLengthOf, type Offer, tierOf } from './offer.ts'

const terms: TipTerms = {
  isOpen: true,
  isTest: true,
  currency: 'EUR',
  minAmountMinor: 100,
  maxAmountMinor: 50_000,
  presetsMinor: [200, 500],
  messageLength: 200,
  tiers: [
    { fromMinor: 200, pinS: 0, maxLength: 50 },
    { fromMinor: 500, pinS: 120, maxLength: 150 },
  ],
  superchat: 'open',
}
const offer: Offer = { presetMinor: null, typed: '', isSuperchat: false, message: '', showName: true }

test('takes the preset, or what was typed where it can be paid [LIVE-08]', () => {
  assert.is(amountOf({ ...offer, presetMinor: 500, typed: 'x' }, terms), 500)
  const typed = ['3', '3,5', ' 3.50 ', '0.99', '500.01', '500', '-3', '3.505', 'three', '']
  assert.equal(
    typed.map((text) => amountOf({ ...offer, typed: text }, terms)),
    [300, 350, 350, null, null, 50_000, null, null, null, null],
  )
})

test('says what the amount gives, and how much may be written [LIVE-09]', () => {
  assert.equal(
    [null, 199, 200, 499, 500, 9000].map((amount) => tierOf(amount, terms.tiers)?.pinS),
    [undefined, undefined, 0, 0, 120, 120],
  )
  assert.is(maxLengthOf({ ...offer, presetMinor: 500 }, terms), 200)
  assert.is(maxLengthOf({ ...offer, presetMinor: 500, isSuperchat: true }, terms), 150)
  assert.is(maxLengthOf({ ...offer, typed: '2', isSuperchat: true }, terms), 50)
})

test('the same offer keeps its key however often it is sent, another one gets another [LIVE-08]', () => {
  let made = 0
  const keyFor = keyKeeper(() => `key-${++made}`)
  const keys = [{ a: 1 }, { a: 1 }, { a: 2 }, { a: 2 }, { a: 1 }].map(keyFor)
  assert.equal(keys, ['key-1', 'key-1', 'key-2', 'key-2', 'key-3'])
})

test.run()
