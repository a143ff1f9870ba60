import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { endsAt, moved, placeOf, reachOf, stepMs } from './handles.ts'

const test = suite('the ends of a clip')
const within = { from: 0, until: 120_000 }

test('begin with the last half minute, or what there is of it [LIVE-14]', () => {
  assert.equal(endsAt(100_000, within), { from: 70_000, until: 100_000 })
  assert.equal(endsAt(4_000, within), { from: 0, until: 4_000 })
  assert.equal(endsAt(0, within), { from: 0, until: 1_000 })
  assert.equal(endsAt(500_000, within), { from: 90_000, until: 120_000 })
})

test('stay within what there is, at least a second and at most a minute apart [LIVE-14]', () => {
  const ends = { from: 70_000, until: 100_000 }
  assert.equal(moved(ends, 'from', 20_000, within), { from: 20_000, until: 80_000 })
  assert.equal(moved(ends, 'from', 99_900, within), { from: 99_900, until: 100_900 })
  assert.equal(moved(ends, 'from', 130_000, within), { from: 119_000, until: 120_000 })
  assert.equal(moved(ends, 'until', 60_000, within), { from: 59_000, until: 60_000 })
  assert.equal(moved({ from: 10_000, until: 40_000 }, 'until', 110_000, within), {
    from: 50_000,
    until: 110_000,
  })
  assert.equal(moved(ends, 'until', -5, within), { from: 0, until: 1_000 })
})

test('are where a slider can be, whatever fractions the player counts in [LIVE-14]', () => {
  const live = { from: 1_795_371_110_954.37, until: 1_795_371_230_941.99 }
  const { from, until } = endsAt(live.until, live)
  for (const place of [reachOf(live), placeOf(from, live), placeOf(until, live)]) assert.is(place % stepMs, 0)
  assert.is(placeOf(until, live), reachOf(live), 'the end is not at the end')
  assert.is(moved({ from, until }, 'until', live.from + reachOf(live), live).until, live.until)
})

test.run()
