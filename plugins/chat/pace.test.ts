import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createPace } from './pace.ts'

const never = async () => 0

test('lets a burst through, then one at a time as the places come back', () => {
  const pace = createPace()
  for (let n = 0; n < 8; n += 1) assert.is(pace.take('a', 8, 1000), 0)
  assert.is(pace.take('a', 8, 1000), 1250)
  assert.is(pace.take('b', 8, 1000), 0)
  assert.is(pace.take('a', 8, 2250), 0)
  assert.ok(pace.take('a', 8, 2250) > 0)
})

test('never gains more than one burst, and survives a clock that jumps back', () => {
  const pace = createPace()
  for (let n = 0; n < 8; n += 1) pace.take('a', 8, 1e9)
  assert.ok(pace.take('a', 8, 0) > 0)
  assert.is(pace.take('a', 8, 1250), 0)
  for (let n = 0; n < 8; n += 1) assert.is(pace.take('a', 8, 1e8), 0)
  assert.ok(pace.take('a', 8, 1e8) > 0)
})

test('slow mode gives one turn per time, also after a restart and to parallel sends', async () => {
  const pace = createPace()
  assert.is(await pace.turn('a', 30_000, 100_000, async () => 80_000), 10_000)
  const turns = await Promise.all([1, 2, 3].map(() => pace.turn('b', 30_000, 100_000, never)))
  assert.equal(turns, [0, 30_000, 30_000])
  assert.is(await pace.turn('b', 30_000, 130_000, never), 0)
})

test('forgets those that were silent longest', () => {
  const pace = createPace(2)
  for (const key of ['a', 'b', 'a', 'c']) pace.take(key, 1, 0)
  assert.is(pace.take('b', 1, 0), 0)
  assert.ok(pace.take('c', 1, 0) > 0)
})

test('slow mode gives one turn to two that come at once, whichever is looked up first [CHAT-18]', async () => {
  const pace = createPace()
  const [first, second] = [Promise.withResolvers<number>(), Promise.withResolvers<number>()]
  const early = pace.turn('a', 60_000, 1_000_000, () => first.promise)
  const late = pace.turn('a', 60_000, 1_000_003, () => second.promise)
  second.resolve(0)
  assert.is(await late, 0)
  first.resolve(0)
  assert.is(await early, 60_000)
  // A clock that was set back by an hour keeps nobody silent.
  assert.is(await pace.turn('a', 60_000, 1_000_000 - 3_600_000, async () => 0), 0)
})

test.run()
