import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  currentEntry,
  emptyQueue,
  followingEntry,
  type Queue,
  type QueueAction,
  readQueue,
  reduceQueue,
  restartQueue,
} from './queue.ts'

const filled = (trackIds: string[], at = 0) => reduceQueue(emptyQueue, { type: 'playNow', trackIds, at })
const letters = (queue: Queue) => queue.entries.map(({ trackId }) => trackId).join('')
const current = (queue: Queue) => currentEntry(queue)?.trackId ?? null
const next: QueueAction = { type: 'next', isManual: false }
const act = (queue: Queue, ...actions: QueueAction[]) => actions.reduce(reduceQueue, queue)
const keyOf = (queue: Queue, trackId: string) => queue.entries.find((entry) => entry.trackId === trackId)!.key

const tracks = fc.array(fc.constantFrom(...'abcdefgh'), { minLength: 1, maxLength: 30 })
const small = fc.integer({ min: 0, max: 40 })
/** Actions by numbers: keys that are there and keys that are not. */
const action: fc.Arbitrary<QueueAction> = fc.oneof(
  fc.record({ type: fc.constantFrom('playNext' as const, 'addLast' as const), trackIds: tracks }),
  fc.record({ type: fc.constantFrom('remove' as const, 'select' as const), key: small }),
  fc.record({ type: fc.constant('move' as const), key: small, to: small }),
  fc.record({ type: fc.constantFrom('clear' as const, 'previous' as const) }),
  fc.record({ type: fc.constant('next' as const), isManual: fc.boolean() }),
  fc.record({ type: fc.constant('shuffle' as const), isOn: fc.boolean(), seed: fc.nat() }),
  fc.record({ type: fc.constant('repeat' as const), repeat: fc.constantFrom('none', 'one', 'all') }),
  fc.record({ type: fc.constant('playNow' as const), trackIds: tracks, at: small }),
) as fc.Arbitrary<QueueAction>

/** Plays to the end by itself; what was heard, the current one included. */
function playOut(queue: Queue, limit = 100): { heard: number[]; end: Queue } {
  const heard: number[] = []
  let now = queue
  for (let entry = currentEntry(now); entry && heard.length < limit; entry = currentEntry(now)) {
    heard.push(entry.key)
    now = reduceQueue(now, next)
  }
  return { heard, end: now }
}

test('adds next, adds last, removes, moves and clears, and keeps what plays [PLAY-04]', () => {
  const queue = act(
    filled(['a', 'b', 'c'], 1),
    { type: 'playNext', trackIds: ['x', 'y'] },
    { type: 'addLast', trackIds: ['z'] },
  )
  assert.is(letters(queue), 'abxycz')
  const moved = reduceQueue(queue, { type: 'move', key: keyOf(queue, 'z'), to: 0 })
  assert.is(letters(moved), 'zabxyc')
  assert.is(current(moved), 'b')
  const removed = reduceQueue(moved, { type: 'remove', key: keyOf(moved, 'b') })
  assert.is(letters(removed), 'zaxyc')
  assert.is(current(removed), 'x')
  assert.is(current(reduceQueue(removed, { type: 'clear' })), null)
})

test('goes back to what was heard, not to what stands before it [PLAY-08]', () => {
  const queue = filled(['a', 'b', 'c', 'd'])
  const jumped = reduceQueue(queue, { type: 'select', key: keyOf(queue, 'd') })
  assert.is(current(jumped), 'd')
  assert.is(current(reduceQueue(jumped, { type: 'previous' })), 'a')
})

test('a shuffled queue holds the same entries, from the same seed in the same order [LIST-16]', () => {
  fc.assert(
    fc.property(tracks, fc.nat(), small, (trackIds, seed, at) => {
      const queue = filled(trackIds, at)
      const shuffled = reduceQueue(queue, { type: 'shuffle', isOn: true, seed })
      const again = readQueue(
        JSON.parse(JSON.stringify(reduceQueue(queue, { type: 'shuffle', isOn: true, seed }))),
      )
      assert.equal(again, shuffled)
      assert.equal(
        [...shuffled.entries].sort((a, b) => a.key - b.key),
        queue.entries,
      )
      assert.equal(currentEntry(shuffled), currentEntry(queue))
      const straight = reduceQueue(shuffled, { type: 'shuffle', isOn: false })
      assert.equal([straight.entries, straight.index], [queue.entries, queue.index])
    }),
  )
})

test('shuffle plays all before one comes again, whatever was chosen in between [LIST-16]', () => {
  fc.assert(
    fc.property(tracks, fc.nat(), small, fc.array(small), (trackIds, seed, at, chosen) => {
      let queue = reduceQueue(filled(trackIds, at), { type: 'shuffle', isOn: true, seed })
      const heard = [currentEntry(queue)!.key]
      for (const which of chosen) {
        const ahead = queue.entries.slice(queue.index + 1)
        const entry = ahead[which % (ahead.length || 1)]
        if (!entry) break
        queue = reduceQueue(queue, { type: 'select', key: entry.key })
        heard.push(entry.key)
      }
      const rest = playOut(reduceQueue(queue, next)).heard
      assert.equal(
        [...heard, ...rest].sort((a, b) => a - b),
        queue.entries.map(({ key }) => key).sort((a, b) => a - b),
      )
    }),
  )
})

test('repeated and shuffled, each round has all tracks, and none twice in a row [LIST-16] [LIST-17]', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 20 }), fc.nat(), (count, seed) => {
      const ids = Array.from({ length: count }, (_, at) => `${at}`)
      const queue = act(filled(ids), { type: 'shuffle', isOn: true, seed }, { type: 'repeat', repeat: 'all' })
      const { heard } = playOut(queue, count * 3)
      for (let round = 0; round < 3; round++)
        assert.is(new Set(heard.slice(round * count, (round + 1) * count)).size, count)
      assert.not.ok(heard.some((key, at) => key === heard[at - 1]))
    }),
  )
})

test('repeats none, one or all; the button leaves a repeated one [LIST-17]', () => {
  const queue = filled(['a', 'b'])
  assert.is(playOut(queue).heard.length, 2)
  const one = reduceQueue(queue, { type: 'repeat', repeat: 'one' })
  assert.is(followingEntry(one)?.trackId, 'a')
  assert.is(current(reduceQueue(one, { type: 'next', isManual: true })), 'b')
  const all = act(queue, { type: 'repeat', repeat: 'all' }, next, next)
  assert.is(current(all), 'a')
  assert.is(current(restartQueue(playOut(queue).end)), 'a')
})

test('moves never change what plays, and next plays every entry once [PLAY-04]', () => {
  const moves = fc.array(fc.record({ type: fc.constant('move' as const), key: small, to: small }))
  fc.assert(
    fc.property(tracks, moves, (trackIds, all) => {
      const queue = act(filled(trackIds), ...all)
      assert.is(currentEntry(queue)?.key, 1)
      const first = { ...queue, index: 0 }
      assert.equal(
        playOut(first).heard,
        first.entries.map(({ key }) => key),
      )
    }),
  )
})

test('whatever happens, the queue can be stored and read again [PLAY-05]', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      const queue = act(emptyQueue, ...actions)
      const stored = JSON.stringify(queue)
      assert.equal(readQueue(JSON.parse(stored)), queue)
      assert.is(new Set(queue.entries.map(({ key }) => key)).size, queue.entries.length)
      for (const one of actions) reduceQueue(queue, one)
      assert.is(JSON.stringify(queue), stored)
    }),
  )
})

test('does not trust what was stored by another hand [PLAY-05]', () => {
  const queue = filled(['a', 'b'])
  const odd = [
    null,
    3,
    [],
    {},
    { ...queue, index: 9 },
    { ...queue, natural: [7, 8] },
    { ...queue, nextKey: 1 },
  ]
  assert.equal(
    odd.map(readQueue),
    odd.map(() => null),
  )
})

test.run()
