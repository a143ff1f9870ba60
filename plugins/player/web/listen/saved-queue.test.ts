import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { emptyQueue, type Queue, reduceQueue } from '../engine/queue.ts'
import { fromSaved, groupKeys, pairsOf, toSaved } from './saved-queue.ts'

const playing = (ids: string[], at = 0): Queue =>
  reduceQueue(emptyQueue, { type: 'playNow', trackIds: ids, at })
const idsOf = ({ entries }: Queue) => entries.map(({ trackId }) => trackId)

test('a plain queue comes back as it was [PLAY-05]', () => {
  const queue = reduceQueue(playing(['a', 'b', 'a', 'c'], 2), { type: 'repeat', repeat: 'all' })
  const saved = toSaved(queue)
  assert.equal(saved, {
    trackIds: ['a', 'b', 'a', 'c'],
    index: 2,
    order: null,
    shuffleSeed: null,
    repeat: 'all',
  })
  const back = fromSaved(saved)
  assert.equal([idsOf(back), back.index, back.natural, back.repeat], [['a', 'b', 'a', 'c'], 2, null, 'all'])
})

test('secrets are kept once each and come back to their tracks [PLAY-05]', () => {
  const pairs: [string, string][] = [
    ['a', 'one'],
    ['b', 'two'],
    ['c', 'one'],
    ['a', 'one'],
  ]
  const keys = groupKeys(pairs)
  assert.equal(keys, [
    { key: 'one', trackIds: ['a', 'c'] },
    { key: 'two', trackIds: ['b'] },
  ])
  assert.equal(new Map(pairsOf(keys)), new Map(pairs))
})

test('a shuffle comes back in its order, and the list in its own when it is taken off [LIST-16]', () => {
  const ids = Array.from({ length: 12 }, (_, at) => `t${at}`)
  const shuffled = reduceQueue(playing(ids, 5), { type: 'shuffle', isOn: true, seed: 42 })
  const moved = reduceQueue(shuffled, { type: 'next', isManual: true })
  const back = fromSaved(JSON.parse(JSON.stringify(toSaved(moved))))
  assert.equal(idsOf(back), idsOf(moved))
  assert.is(back.index, 1)
  assert.equal(idsOf(reduceQueue(back, { type: 'shuffle', isOn: false })), ids)
  assert.equal(new Set(idsOf(back)).size, 12)
})

test('keys given after coming back are new ones', () => {
  const back = fromSaved(toSaved(playing(['a', 'b'])))
  const more = reduceQueue(back, { type: 'addLast', trackIds: ['c'] })
  assert.is(new Set(more.entries.map(({ key }) => key)).size, 3)
})

test('a queue that has ended begins anew, an empty one stays empty', () => {
  const ended = reduceQueue(playing(['a', 'b'], 1), { type: 'next', isManual: true })
  assert.is(toSaved(ended).index, 0)
  assert.equal([toSaved(emptyQueue).index, toSaved(emptyQueue).trackIds], [-1, []])
  assert.is(fromSaved(toSaved(emptyQueue)).index, -1)
})

test('an order that is none of the list counts as no shuffle', () => {
  const list = { trackIds: ['a', 'b', 'c'], index: 1, shuffleSeed: 3, repeat: 'none' as const }
  for (const order of [
    [0, 1],
    [0, 1, 1],
    [0, 1, 7],
    [2, 1, 0, 3],
  ]) {
    const back = fromSaved({ ...list, order })
    assert.equal([idsOf(back), back.index, back.natural], [['a', 'b', 'c'], 1, null], order.join())
  }
  assert.is(fromSaved({ ...list, index: 9, order: null }).index, -1)
})

test('of a very long queue those about the present track are saved', () => {
  const ids = Array.from({ length: 5000 }, (_, at) => `t${at}`)
  const saved = toSaved(playing(ids, 3000))
  assert.is(saved.trackIds.length, 2000)
  assert.is(saved.trackIds[saved.index], 't3000')
})

test.run()
