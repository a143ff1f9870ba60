import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Message } from '../contract.ts'
import { neededAt, pieceMs, saidBy } from './history.ts'

const test = suite('chat as it ran')
const said = (id: string, atMs: number) => ({ id, createdAt: new Date(atMs).toISOString() }) as Message

test('shows what had been said at a moment, whichever way it was come to [LIVE-07]', () => {
  const pieces = new Map([
    [9, [said('a', 9 * pieceMs), said('b', 10 * pieceMs - 1)]],
    [10, [said('c', 10 * pieceMs + 5_000), said('d', 10 * pieceMs + 9_000)]],
  ])
  const at = (ms: number) => saidBy(pieces, 10 * pieceMs + ms).map(({ id }) => id)
  assert.equal(at(0), ['a', 'b'])
  assert.equal(at(5_000), ['a', 'b', 'c'])
  assert.equal(at(9_500), ['a', 'b', 'c', 'd'])
  assert.equal(
    saidBy(pieces, 9 * pieceMs + 1_000).map(({ id }) => id),
    ['a'],
  )
  assert.equal(saidBy(pieces, 20 * pieceMs), [])
})

test('needs the piece of the moment and the one before, the next shortly before it begins [LIVE-07]', () => {
  assert.equal(neededAt(10 * pieceMs), [9, 10])
  assert.equal(neededAt(11 * pieceMs - 10_000), [9, 10, 11])
})

test.run()
