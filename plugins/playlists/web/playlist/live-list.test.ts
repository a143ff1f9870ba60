import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { applyUpdate, Doc, encodeStateAsUpdate, encodeStateVector } from 'yjs'
import { insertPlaces, movePlaces, placesOf, removePlaces } from '../../contract.ts'
import { type LiveList, openLiveList, toBase64, type Wire } from './live-list.ts'

const id = (at: number) => `0190a000-0000-7000-8000-${String(at).padStart(12, '0')}`
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** A server as it behaves, on a line that can be cut and may lose answers. */
function fakeServer() {
  const doc = new Doc()
  const pages: LiveList[] = []
  const state = { version: 0, isOnline: true, losesAnswers: false, refuses: false, refused: 0, takesMs: 0 }
  const wire = (): Wire => ({
    async sync(vector) {
      if (!state.isOnline) throw new Error('offline')
      const update = encodeStateAsUpdate(
        doc,
        Uint8Array.from(atob(vector), (sign) => sign.charCodeAt(0)),
      )
      return { update: toBase64(update), vector: '', version: state.version }
    },
    async send(update) {
      if (!state.isOnline) throw new Error('offline')
      if (state.takesMs > 0) await pause(state.takesMs)
      if (state.refuses) throw new Error('refused')
      const before = encodeStateVector(doc).join()
      applyUpdate(doc, update)
      state.version += 1
      if (state.losesAnswers && before) throw new Error('offline')
      for (const page of pages) page.heard(state.version, toBase64(update))
    },
    isRefusal: (error) => (error as Error).message === 'refused',
    refused: () => {
      state.refused += 1
    },
  })
  const open = async () => {
    const page = openLiveList(wire())
    pages.push(page)
    await page.catchUp()
    return page
  }
  return { doc, state, open, close: () => pages.map((page) => page.close()) }
}
const put = (page: LiveList, at: number, place = at) =>
  page.edit((doc) => insertPlaces(doc, [{ id: id(place), trackId: id(99) }], at))
const idsOf = (page: LiveList) => page.places.value.map((place) => place.id)

test('edits made without a line are shown at once and sent when it is back [LIST-07]', async () => {
  const server = fakeServer()
  const [one, two] = [await server.open(), await server.open()]
  server.state.isOnline = false
  put(one, 0, 1)
  put(one, 1, 2)
  put(two, 0, 3)
  await pause(50)
  assert.equal([idsOf(one), placesOf(server.doc).length, one.waiting.value], [[id(1), id(2)], 0, 2])
  server.state.isOnline = true
  await Promise.all([one.catchUp(), two.catchUp()])
  await pause(80)
  await Promise.all([one.catchUp(), two.catchUp()])
  assert.equal([one.waiting.value, two.waiting.value, placesOf(server.doc).length], [0, 0, 3])
  assert.equal(idsOf(one), idsOf(two))
  server.close()
})

test('what is edited while the server is slow waits for its turn, and all of it arrives [LIST-07]', async () => {
  const server = fakeServer()
  const page = await server.open()
  server.state.takesMs = 60
  put(page, 0, 1)
  await pause(40)
  put(page, 1, 2)
  put(page, 2, 3)
  assert.is(page.waiting.value, 3)
  while (page.waiting.value > 0) await pause(20)
  assert.equal(
    placesOf(server.doc).map((place) => place.id),
    [id(1), id(2), id(3)],
  )
  server.close()
})

test('an answer that is lost leads to the same edit again, which counts once [LIST-07]', async () => {
  const server = fakeServer()
  const page = await server.open()
  server.state.losesAnswers = true
  put(page, 0, 1)
  await pause(60)
  assert.equal([placesOf(server.doc).length, page.waiting.value], [1, 1])
  server.state.losesAnswers = false
  await page.catchUp()
  await pause(60)
  assert.equal([placesOf(server.doc).length, page.waiting.value, idsOf(page)], [1, 0, [id(1)]])
  server.close()
})

test('an edit that the server refuses is taken back, and the page goes on [LIST-07]', async () => {
  const server = fakeServer()
  const page = await server.open()
  put(page, 0, 1)
  await pause(60)
  server.state.refuses = true
  put(page, 0, 2)
  assert.is(idsOf(page).length, 2)
  await pause(60)
  assert.equal([idsOf(page), page.waiting.value, server.state.refused], [[id(1)], 0, 1])
  server.state.refuses = false
  put(page, 1, 3)
  await pause(60)
  assert.equal(
    placesOf(server.doc).map((place) => place.id),
    [id(1), id(3)],
  )
  server.close()
})

test('undo takes one’s own last change back, not that of others [LIST-15]', async () => {
  const server = fakeServer()
  const [one, two] = [await server.open(), await server.open()]
  for (const at of [0, 1, 2]) put(one, at)
  await pause(60)
  one.edit((doc) => removePlaces(doc, [id(1)]))
  await pause(60)
  put(two, 0, 7)
  await pause(60)
  one.undo()
  assert.equal(idsOf(one), [id(7), id(0), id(1), id(2)])
  one.edit((doc) => movePlaces(doc, [id(2)], 0))
  one.undo()
  await pause(60)
  assert.equal(
    [idsOf(one), idsOf(two)],
    [
      [id(7), id(0), id(1), id(2)],
      [id(7), id(0), id(1), id(2)],
    ],
  )
  assert.ok(one.canUndo.value && two.canUndo.value)
  two.undo()
  assert.not.ok(two.canUndo.value)
  server.close()
})

test('pages whose line comes and goes end alike, with everything anybody put in [LIST-07]', async () => {
  const steps = fc.array(fc.tuple(fc.nat(2), fc.constantFrom('put', 'put', 'cut', 'mend', 'lose')), {
    maxLength: 12,
  })
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const server = fakeServer()
      const pages = [await server.open(), await server.open(), await server.open()]
      let put = 0
      for (const [who, what] of all) {
        const page = pages[who] as LiveList
        if (what === 'put') {
          const place = { id: id(++put), trackId: id(99) }
          page.edit((doc) => insertPlaces(doc, [place], 0))
        }
        server.state.isOnline = what === 'cut' ? false : what === 'mend' ? true : server.state.isOnline
        server.state.losesAnswers = what === 'lose'
        await pause(1)
      }
      server.state.isOnline = true
      server.state.losesAnswers = false
      for (let round = 0; round < 2; round++) {
        await Promise.all(pages.map((page) => page.catchUp()))
        await pause(45)
      }
      await Promise.all(pages.map((page) => page.catchUp()))
      const [one, two, three] = pages.map(idsOf)
      assert.equal([one, two], [two, three])
      assert.is(one?.length, put)
      server.close()
    }),
    { numRuns: 12 },
  )
})

test.run()
