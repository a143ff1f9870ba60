import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { recent } from './recent.ts'

const counted = (ttlMs: number, max?: number) => {
  const loads: string[] = []
  const load = async (key: string) => {
    loads.push(key)
    if (key === 'bad') throw new Error('no')
    return key.toUpperCase()
  }
  return { loads, cache: recent(load, max === undefined ? { ttlMs } : { ttlMs, max }) }
}

test('loads once for calls at the same time, anew once forgotten', async () => {
  const { loads, cache } = counted(60_000)
  assert.equal(await Promise.all([cache.get('a'), cache.get('a')]), ['A', 'A'])
  await cache.get('a')
  assert.equal(loads, ['a'])
  cache.forget('a')
  await cache.get('a')
  assert.equal(loads, ['a', 'a'])
})

test('loads anew when the time is over, and keeps no failure', async () => {
  const { loads, cache } = counted(0)
  await cache.get('a')
  await cache.get('a')
  assert.is(loads.length, 2)
  const { loads: tries, cache: failing } = counted(60_000)
  for (let n = 0; n < 2; n += 1) await failing.get('bad').catch(() => null)
  assert.is(tries.length, 2)
})

test('keeps no more than its maximum', async () => {
  const { loads, cache } = counted(60_000, 2)
  for (const key of ['a', 'b', 'c', 'c', 'a']) await cache.get(key)
  assert.equal(loads, ['a', 'b', 'c', 'a'])
})

test.run()
