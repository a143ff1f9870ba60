import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { moved, onDisc } from './order.ts'

const discs = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 12 })

test('moves one track and keeps the others in order, discs together [FILE-05]', () => {
  fc.assert(
    fc.property(discs, fc.nat(11), fc.integer({ min: -2, max: 14 }), (numbers, from, to) => {
      const items = numbers.sort().map((discNumber, id) => ({ id, discNumber }))
      const result = moved(items, from, to)
      assert.equal(
        result.filter(({ id }) => id !== from).map(({ id }) => id),
        items.filter(({ id }) => id !== from).map(({ id }) => id),
      )
      assert.is(result.length, items.length)
      const after = result.map(({ discNumber }) => discNumber)
      assert.equal(after, [...after].sort())
    }),
  )
})

test('takes the disc of the place it comes to [FILE-05]', () => {
  const items = [1, 1, 2, 2].map((discNumber, id) => ({ id, discNumber }))
  const disc = (from: number, to: number) => moved(items, from, to).find(({ id }) => id === from)?.discNumber
  assert.is(disc(0, 3), 2)
  assert.is(disc(3, 0), 1)
  assert.is(disc(1, 1), 1)
  assert.is(disc(2, 2), 2)
})

test('puts some on another disc, each disc in its order [FILE-05]', () => {
  const items = ['a', 'b', 'c', 'd'].map((id) => ({ id, discNumber: 1 }))
  const split = onDisc(items, new Set(['b', 'd']), 2)
  assert.equal(
    split.map(({ id, discNumber }) => `${discNumber}${id}`),
    ['1a', '1c', '2b', '2d'],
  )
  const back = onDisc(split, new Set(['b']), 1)
  assert.equal(
    back.map(({ id, discNumber }) => `${discNumber}${id}`),
    ['1a', '1c', '1b', '2d'],
  )
})

test.run()
