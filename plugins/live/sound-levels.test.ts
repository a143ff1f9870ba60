import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { SoundLevels } from './sound-levels.ts'

const test = suite('how loud a stream is')

function levelsOf(answers: (number | null | Error)[]) {
  const asked: string[] = []
  const failed: string[] = []
  const clock = { now: 1_000 }
  const peakOf = async (streamId: string) => {
    asked.push(streamId)
    const answer = answers.shift() ?? null
    if (answer instanceof Error) throw answer
    return answer
  }
  const levels = new SoundLevels(
    peakOf,
    (streamId) => failed.push(streamId),
    () => clock.now,
  )
  return { levels, asked, failed, clock }
}

test('is measured for who asks, once for all who ask at the same time and not more often than that [LIVE-17]', async () => {
  const { levels, asked, clock } = levelsOf([-12, -6])
  assert.is(levels.of('a'), null)
  assert.equal(asked, [], 'nobody asked for a measurement')
  await Promise.all([levels.measure('a', 10_000), levels.measure('a', 10_000)])
  assert.equal([levels.of('a'), asked.length], [-12, 1])
  clock.now += 9_999
  await levels.measure('a', 10_000)
  assert.is(asked.length, 1)
  clock.now += 1
  await levels.measure('a', 10_000)
  assert.equal([levels.of('a'), asked.length], [-6, 2])
  assert.is(levels.of('b'), null)
})

test('is not known any more when it is old or another publisher came; a failure is told, not thrown', async () => {
  const { levels, failed, clock } = levelsOf([-12, new Error('no'), -3])
  await levels.measure('a', 5_000)
  clock.now += 29_999
  await levels.measure('a', 5_000)
  assert.equal([levels.of('a'), failed], [-12, ['a']])
  clock.now += 1
  assert.is(levels.of('a'), null)
  await levels.measure('a', 5_000)
  assert.is(levels.of('a'), null, 'asked a moment ago')
  clock.now += 5_000
  await levels.measure('a', 5_000)
  assert.is(levels.of('a'), -3)
  levels.forget('a')
  assert.is(levels.of('a'), null)
})

test.run()
