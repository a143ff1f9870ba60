import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { applyUpdate, Doc, encodeStateAsUpdate, encodeStateVector, UndoManager } from 'yjs'
import { newId } from '#sdk'
import { insertPlaces, movePlaces, placesOf, positionsOf, removePlaces, tracksOf } from './document.ts'
import { isPosition, positionsBetween } from './order.ts'

const track = newId()
const place = () => ({ id: newId(), trackId: track })
const idsOf = (doc: Doc) => placesOf(doc).map(({ id }) => id)
const filled = (count: number) => {
  const doc = new Doc()
  const places = Array.from({ length: count }, place)
  doc.transact(() => insertPlaces(doc, places, 0))
  return { doc, ids: places.map(({ id }) => id) }
}

test('keys lie between their neighbours in order, however often one inserts in one place [LIST-04]', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { minLength: 1, maxLength: 300 }), (wishes) => {
      const keys: string[] = []
      for (const wish of wishes) {
        const at = wish % (keys.length + 1)
        keys.splice(at, 0, ...positionsBetween(keys[at - 1] ?? null, keys[at] ?? null, 1 + (wish % 3)))
      }
      assert.equal(keys, [...keys].sort())
      assert.is(new Set(keys).size, keys.length)
      assert.ok(keys.every(isPosition))
    }),
    { numRuns: 60 },
  )
})

test('keys stay short at both ends and for thousands at once [LIST-04]', () => {
  const many = positionsBetween('a1', 'a2', 10_000)
  assert.equal(many, [...many].sort())
  assert.ok(Math.max(...many.map((key) => key.length)) < 12)
  let first: string | null = null
  let last: string | null = null
  for (let count = 0; count < 20_000; count++) {
    ;[first] = positionsBetween(null, first, 1) as [string]
    ;[last] = positionsBetween(last, null, 1) as [string]
  }
  assert.equal(
    [first, last].map((key) => String(key).length <= 6),
    [true, true],
  )
})

test('places are put, moved and taken out as a list would do it [LIST-03] [LIST-04]', () => {
  const steps = fc.array(
    fc.tuple(fc.constantFrom('insert', 'move', 'remove'), fc.nat(50), fc.nat(50), fc.nat(4)),
    {
      maxLength: 40,
    },
  )
  fc.assert(
    fc.property(steps, (all) => {
      const { doc, ids } = filled(5)
      let model = [...ids]
      for (const [what, from, to, count] of all) {
        const some = model.slice(from % (model.length + 1)).slice(0, count)
        const rest = model.filter((id) => !some.includes(id))
        if (what === 'insert') {
          const added = Array.from({ length: count }, place)
          const at = to % (model.length + 1)
          doc.transact(() => insertPlaces(doc, added, at))
          model.splice(at, 0, ...added.map(({ id }) => id))
        } else if (what === 'move') {
          const at = to % (rest.length + 1)
          doc.transact(() => movePlaces(doc, some, at))
          model = [...rest.slice(0, at), ...some, ...rest.slice(at)]
        } else {
          doc.transact(() => removePlaces(doc, some))
          model = rest
        }
        assert.equal(idsOf(doc), model)
      }
    }),
    { numRuns: 60 },
  )
})

test('goes between two that were put at one place at once, and survives long keys [LIST-04]', () => {
  const { doc, ids } = filled(4)
  const [a, b, c, d] = ids as [string, string, string, string]
  doc.transact(() => {
    for (const id of [a, b, c]) positionsOf(doc).set(id, 'h1')
  })
  const [first, second, third] = [a, b, c].sort() as [string, string, string]
  const fresh = place()
  doc.transact(() => positionsOf(doc).set(d, 'i1'))
  doc.transact(() => insertPlaces(doc, [fresh], 1))
  assert.equal(idsOf(doc), [first, fresh.id, second, third, d])
  doc.transact(() => {
    positionsOf(doc).set(first, 'h1')
    positionsOf(doc).set(second, `h1${'0'.repeat(90)}1`)
  })
  doc.transact(() =>
    movePlaces(
      doc,
      [d],
      idsOf(doc)
        .filter((id) => id !== d)
        .indexOf(second),
    ),
  )
  const at = idsOf(doc).indexOf(d)
  assert.is(idsOf(doc)[at + 1], second)
  assert.ok([...positionsOf(doc).values()].every((key) => key.length < 90))
})

/** Three people edit, hear of each other late or never, and meet at last. */
test('three replicas that edit at once agree in the end and lose nothing [LIST-07]', () => {
  const step = fc.tuple(
    fc.nat(2),
    fc.constantFrom('insert', 'move', 'remove', 'undo', 'deliver', 'deliver'),
    fc.nat(100),
    fc.nat(100),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const start = filled(4)
      const replicas = Array.from({ length: 3 }, () => {
        const doc = new Doc()
        applyUpdate(doc, encodeStateAsUpdate(start.doc))
        const undo = new UndoManager([tracksOf(doc), positionsOf(doc)], {
          trackedOrigins: new Set(['me']),
          captureTimeout: 0,
        })
        return { doc, undo, inserted: new Set<string>() }
      })
      const removed = new Set<string>()
      for (const [who, what, x, y] of steps) {
        const { doc, undo, inserted } = replicas[who] as (typeof replicas)[number]
        const ids = idsOf(doc)
        const some = ids.slice(x % (ids.length + 1)).slice(0, 2)
        const before = new Set(ids)
        if (what === 'insert') {
          const fresh = place()
          inserted.add(fresh.id)
          doc.transact(() => insertPlaces(doc, [fresh], y % (ids.length + 1)), 'me')
        }
        if (what === 'move') doc.transact(() => movePlaces(doc, some, y % (ids.length + 1)), 'me')
        if (what === 'remove') doc.transact(() => removePlaces(doc, some), 'me')
        if (what === 'undo') undo.undo()
        if (what === 'remove' || what === 'undo')
          for (const id of before) if (!tracksOf(doc).has(id)) removed.add(id)
        if (what === 'deliver') {
          const other = (replicas[(who + 1 + (x % 2)) % 3] as (typeof replicas)[number]).doc
          applyUpdate(doc, encodeStateAsUpdate(other, encodeStateVector(doc)))
        }
      }
      for (const { doc: to } of [...replicas, ...replicas])
        for (const { doc: from } of replicas)
          applyUpdate(to, encodeStateAsUpdate(from, encodeStateVector(to)))
      const [one, two, three] = replicas.map(({ doc }) => idsOf(doc)) as [string[], string[], string[]]
      assert.equal(one, two)
      assert.equal(two, three)
      assert.is(new Set(one).size, one.length)
      const all = [...start.ids, ...replicas.flatMap(({ inserted }) => [...inserted])]
      for (const id of all) assert.ok(one.includes(id) || removed.has(id), 'what nobody removed is there')
    }),
    { numRuns: 120 },
  )
})

test('of two moves of one place at once one wins, and a removal wins over a move [LIST-07]', () => {
  const { doc, ids } = filled(5)
  const other = new Doc()
  applyUpdate(other, encodeStateAsUpdate(doc))
  const [first, second] = ids as [string, string]
  doc.transact(() => movePlaces(doc, [first], 4))
  other.transact(() => movePlaces(other, [first], 2))
  doc.transact(() => removePlaces(doc, [second]))
  other.transact(() => movePlaces(other, [second], 4))
  applyUpdate(doc, encodeStateAsUpdate(other))
  applyUpdate(other, encodeStateAsUpdate(doc))
  assert.equal(idsOf(doc), idsOf(other))
  assert.is(idsOf(doc).filter((id) => id === first).length, 1)
  assert.not.ok(idsOf(doc).includes(second))
  assert.is(idsOf(doc).length, 4)
})

test.run()
