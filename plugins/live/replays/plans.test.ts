import { setImmediate as turn } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ProblemError } from '#sdk'
import { Plans } from './plans.ts'

const test = suite('plans of downloads')
const here = { destroyed: false }
const status = (error: unknown) => (error instanceof ProblemError ? error.problem.status : String(error))

/** Plans whose making is let go on by hand; what was begun, in order. */
function scene() {
  const plans = new Plans<string>()
  const begun: string[] = []
  const running = new Map<string, () => void>()
  const ask = (key: string, asker: { destroyed: boolean } = here) =>
    plans.of(key, asker, () => {
      begun.push(key)
      return new Promise((resolve) => running.set(key, () => resolve(key)))
    })
  const finish = async (key: string) => {
    running.get(key)?.()
    await turn()
  }
  return { ask, begun, finish }
}

test('are made once for all who ask, one after the other, and the last few are kept [LIVE-13]', async () => {
  const { ask, begun, finish } = scene()
  const asked = ['a', 'b', 'a'].map((key) => ask(key))
  await turn()
  assert.equal(begun, ['a'])
  await finish('a')
  await finish('b')
  assert.equal(await Promise.all(asked), ['a', 'b', 'a'])
  for (const key of ['c', 'd']) {
    const one = ask(key)
    await turn()
    await finish(key)
    await one
  }
  assert.is(await ask('b'), 'b')
  void ask('a')
  await turn()
  assert.equal(begun, ['a', 'b', 'c', 'd', 'a'])
})

test('are not made for who is gone, nor for more than a few who wait [LIVE-13] [SEC-06]', async () => {
  const { ask, begun, finish } = scene()
  const first = ask('first')
  await turn()
  const gone = { destroyed: false }
  const waiting = Array.from({ length: 8 }, (_, i) => ask(`${i}`, gone).catch(status))
  const stays = ask('7')
  assert.throws(
    () => ask('one more'),
    (error: unknown) => status(error) === 503,
  )
  gone.destroyed = true
  await finish('first')
  assert.is(await first, 'first')
  assert.equal(await Promise.all(waiting.slice(0, 7)), [503, 503, 503, 503, 503, 503, 503])
  assert.equal(begun, ['first', '7'])
  await finish('7')
  assert.is(await stays, '7')
  // What was given up is made for the next who wants it.
  void ask('0')
  await turn()
  assert.is(begun.at(-1), '0')
})

test.run()
