import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Briefly } from './briefly.ts'

test('a crowd shares one look, which lasts only a moment', async () => {
  let looks = 0
  let now = 0
  const briefly = new Briefly<number>(500, () => now)
  const look = async () => ++looks
  const crowd = await Promise.all(Array.from({ length: 50 }, () => briefly.get('saturday', look)))
  assert.equal(new Set(crowd), new Set([1]))
  now = 499
  assert.is(await briefly.get('saturday', look), 1)
  now = 501
  assert.is(await briefly.get('saturday', look), 2)
  briefly.drop()
  assert.is(await briefly.get('saturday', look), 3)
  assert.is(await briefly.get('sunday', look), 4)
})

test('a failed look is not kept', async () => {
  const briefly = new Briefly<number>(500, () => 0)
  const fails = () => Promise.reject(new Error('away'))
  await briefly.get('saturday', fails).then(
    () => assert.unreachable(),
    () => {},
  )
  assert.is(await briefly.get('saturday', async () => 1), 1)
})

test('names nobody has do not fill the memory', async () => {
  const briefly = new Briefly<string>(500, () => 0)
  for (let n = 0; n < 3_000; n++) await briefly.get(`x${n}`, async () => 'x')
  let isAsked = false
  await briefly.get('x0', async () => {
    isAsked = true
    return 'x'
  })
  assert.ok(isAsked)
})

test.run()
