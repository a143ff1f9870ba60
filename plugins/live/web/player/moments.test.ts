import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { momentAt, positionOf, reachOf, type Stretch } from './moments.ts'

const at = Date.UTC(2026, 4, 1, 21)
/** Three segments of 2 s, then a publisher who was away for 30 s, then two more. */
const broken: Stretch[] = [0, 2, 4, 6, 8].map((startS) => ({
  startS: startS + 100,
  durationS: 2,
  atMs: at + startS * 1000 + (startS > 4 ? 30_000 : 0),
}))

test('a position has a date, and the date leads back to it [LIVE-12]', () => {
  for (let positionS = 100; positionS < 110; positionS += 0.37) {
    const moment = momentAt(broken, positionS)
    assert.ok(Math.abs((positionOf(broken, moment ?? 0) ?? 0) - positionS) < 1e-6, `at ${positionS}`)
  }
  assert.is(momentAt(broken, 107), at + 37_000)
})

test('a moment at which nothing was sent is played from what came next [LIVE-12]', () => {
  assert.is(positionOf(broken, at + 20_000), 106)
})

test('moments outside of what is kept lead to its ends, positions a little outside still have a date [LIVE-12]', () => {
  assert.is(positionOf(broken, at - 60_000), 100)
  assert.is(positionOf(broken, at + 90_000), 110)
  assert.is(momentAt(broken, 111), at + 41_000)
  assert.is(momentAt(broken, 99), at - 1_000)
  assert.equal(reachOf(broken), { fromMs: at, toMs: at + 40_000 })
})

test('nothing listed: no date, no position [LIVE-12]', () => {
  assert.equal([momentAt([], 3), positionOf([], at), reachOf([])], [null, null, null])
})

test.run()
