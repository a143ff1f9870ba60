import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import type { Tip } from '../contract.ts'
import { dayOf, endOf } from './desk/days.ts'
import { withTip } from './tip-list.ts'

const tip = (more: Partial<Tip> = {}): Tip => ({
  id: newId(),
  from: null,
  amountMinor: 500,
  currency: 'EUR',
  message: null,
  isSuperchat: false,
  status: 'paid',
  streamId: null,
  createdAt: '2026-11-22T10:00:00.000Z',
  paidAt: '2026-11-22T10:00:01.000Z',
  can: { refund: false, hideMessage: false },
  ...more,
})

test('what a room tells of tips is listed newest first, each once and as it is now [LIVE-08]', () => {
  const [first, second, third] = [tip({ message: 'rude' }), tip(), tip()]
  const told = [third, first, second, { ...first, message: null }].reduce<Tip[]>(withTip, [])
  assert.equal(told, [third, second, { ...first, message: null }])
  const many = Array.from({ length: 120 }, () => tip()).reduce<Tip[]>(withTip, [])
  assert.is(many.length, 100)
})

test('a goal ends with the last moment of its day, and its form shows that day again [LIVE-08]', () => {
  for (const day of ['2026-11-22', '2026-03-29', '2028-02-29']) {
    assert.is(dayOf(endOf(day)), day)
    assert.is(new Date(Date.parse(endOf(day)) + 1).getHours(), 0)
  }
})

test.run()
