import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Attendance, type Look } from './attendance.ts'

const tickMs = 100

/** What is found, and when, of a picture that is looked at for so long. */
function watched(seconds: number, at: (ms: number) => Partial<Look>): [string, number] | null {
  const attendance = new Attendance()
  attendance.begin(0)
  for (let ms = tickMs; ms <= seconds * 1000; ms += tickMs) {
    const look = { now: ms, isRunning: true, isSeeking: false, atS: ms / 1000, behindMs: 20 }
    const found = attendance.look({ ...look, ...at(ms) })
    if (found) return [found, ms]
  }
  return null
}

test('a picture that goes on with the sound stays, a moment out of step too [LIVE-10] [LIVE-11]', () => {
  assert.is(
    watched(60, () => ({})),
    null,
  )
  assert.is(
    watched(60, (ms) => ({ behindMs: ms % 5_000 < 3_500 ? 2_000 : 30 })),
    null,
  )
  assert.is(
    watched(60, () => ({ behindMs: null })),
    null,
    'while nobody knows',
  )
})

test('one that stands still is away, one that only comes too late is late [LIVE-10] [LIVE-11]', () => {
  assert.equal(
    watched(60, (ms) => (ms < 2_000 ? {} : { atS: 2, behindMs: ms - 2_000 })),
    ['away', 6_100],
  )
  assert.equal(
    watched(60, (ms) => (ms < 2_000 ? {} : { behindMs: 2_500 })),
    ['late', 6_000],
  )
  const seeks = (ms: number) => ({ behindMs: 100, isSeeking: ms > 2_000 })
  assert.is(watched(60, seeks)?.[0], 'late', 'looking for its moment for ever')
})

test('who pauses loses no camera [LIVE-10] [LIVE-12]', () => {
  assert.is(
    watched(60, () => ({ isRunning: false, atS: 2, behindMs: 5_000 })),
    null,
  )
})

test.run()
