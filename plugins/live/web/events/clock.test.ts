import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { tickMs, timeLeft } from './countdown.ts'
import { localOf, utcOf } from './local-time.ts'
import { noteServerTime, serverTime } from './server-clock.ts'

const test = suite('countdowns [LIVE-06]')
const min = 60_000

test('the nearer it is, the finer it is said', () => {
  const said = [
    72 * 60 * min,
    72 * 60 * min - 1,
    48 * 60 * min - 1,
    61 * min + 59_000,
    59 * min + 59_000,
    1_000,
    0,
    -5_000,
  ].map(timeLeft)
  assert.equal(said, [
    { kind: 'days', count: 3 },
    { kind: 'days', count: 3 },
    { kind: 'time', text: '47 h 59 min' },
    { kind: 'time', text: '1 h 1 min' },
    { kind: 'time', text: '59:59' },
    { kind: 'time', text: '0:01' },
    { kind: 'now' },
    { kind: 'now' },
  ])
  assert.equal([tickMs(5 * min), tickMs(3 * 60 * min)], [1_000, 20_000])
})

test('the server’s clock is believed, and of two answers the fresher one', () => {
  assert.is(serverTime(500), 500)
  noteServerTime('2026-01-01T00:00:10.000Z', Date.parse('2026-01-01T00:00:00.000Z'))
  assert.is(serverTime(1_000), 11_000)
  noteServerTime('2026-01-01T00:00:10.000Z', Date.parse('2026-01-01T00:00:03.000Z'))
  assert.is(serverTime(1_000), 11_000)
})

test('a time in a field is the device’s, and comes back as it was', () => {
  const at = '2026-07-01T20:30:00.000Z'
  assert.is(utcOf(localOf(at)), at)
  assert.match(localOf(at), /^2026-07-0[12]T\d\d:\d\d$/)
  assert.equal([utcOf(''), utcOf('nonsense')], [null, null])
})

test.run()
