import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { placeOf, type Whereabouts } from './place.ts'

const now = Date.UTC(2026, 4, 1, 21)
const about = (change: Partial<Whereabouts> = {}): Whereabouts => ({
  live: { fromMs: now - 30_000, toMs: now },
  targetMs: 2_000,
  hasDvr: true,
  isInDvr: false,
  ...change,
})

test('a moment within the live playlist is played from it, an older one from all that is kept [LIVE-12]', () => {
  assert.is(placeOf(now - 10_000, about()), 'live')
  assert.is(placeOf(now - 90_000, about()), 'dvr')
})

test('what is about to leave the live playlist is not looked for there [LIVE-12]', () => {
  assert.is(placeOf(now - 27_000, about()), 'dvr')
  assert.is(placeOf(now - 27_000, about({ hasDvr: false })), 'live')
})

test('near the edge is the edge; who is far back stays in one playlist until there [LIVE-12]', () => {
  assert.is(placeOf(now - 3_000, about()), 'edge')
  assert.is(placeOf(now - 3_000, about({ isInDvr: true })), 'edge')
  assert.is(placeOf(now - 10_000, about({ isInDvr: true })), 'dvr')
})

test.run()
