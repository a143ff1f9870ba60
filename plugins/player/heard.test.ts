import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { newId, ProblemError } from '#sdk'
import { checkHeard, Listeners, madeAt } from './heard.ts'
import { startedAgo } from './testdata/catalog.ts'

const refusal = (work: () => void) => {
  try {
    work()
    return null
  } catch (error) {
    assert.instance(error, ProblemError)
    const { problem, retryAfterS } = error as ProblemError
    return { name: problem.name, retryAfterS }
  }
}
const minute = 60_000

test('a play takes 30 seconds, or half of a short track at double speed [PLAY-13]', () => {
  const now = Date.now()
  const heard = (heardMs: number, durationMs: number) =>
    refusal(() => checkHeard({ startId: startedAgo(minute), heardMs }, durationMs, now))?.name
  assert.is(heard(30_000, 4 * minute), undefined)
  assert.is(heard(29_999, 4 * minute), 'player.not-heard')
  assert.is(heard(10_000, 40_000), undefined)
  assert.is(heard(9_999, 40_000), 'player.not-heard')
})

test('no more was heard than there was time for since the start; a fast clock gets there later [PLAY-13]', () => {
  const now = Date.now()
  const told = (startId: string) => refusal(() => checkHeard({ startId, heardMs: 30_000 }, 4 * minute, now))
  assert.is(told(startedAgo(31_000)), null)
  assert.equal(told(startedAgo(-10_000))?.name, 'player.not-heard')
  assert.ok((told(startedAgo(10_000))?.retryAfterS ?? 0) >= 20)
  assert.is(told(startedAgo(25 * 60 * minute))?.name, 'player.not-heard')
  assert.is(told('9f0c4f9e-52f5-4c53-8e0a-3c1f5a8f9d10')?.name, 'player.not-heard')
})

test('the time of an id is that of its making', () => {
  const before = Date.now()
  const made = madeAt(newId()) ?? 0
  assert.ok(made >= before && made <= Date.now())
})

test('an account hears no more than the time that goes by, whatever it tells [PLAY-13]', () => {
  const listeners = new Listeners()
  let counted = 0
  for (let play = 0; play < 5000; play++)
    if (!refusal(() => listeners.account('me', 30_000, 1_000_000))) counted++
  assert.is(counted, 240)
  assert.is(
    refusal(() => listeners.account('other', 30_000, 1_000_000)),
    null,
  )
  assert.is(
    refusal(() => listeners.account('me', 30_000, 1_000_000 + minute)),
    null,
  )
})

test('guests behind one address count so often an hour, and a tenth of it for one track [PLAY-13]', () => {
  const listeners = new Listeners()
  const tell = (track: string, now = 5e12) =>
    refusal(() => listeners.guest('203.0.113.5', track, 100, now))?.name
  const counted = Array.from({ length: 1000 }, () => tell('one')).filter((name) => name === undefined)
  assert.is(counted.length, 10)
  const others = Array.from({ length: 1000 }, (_, at) => tell(`t${at}`)).filter((name) => name === undefined)
  assert.is(others.length, 90)
  assert.is(tell('one', 5e12 + 60 * minute), undefined)
})

test.run()
