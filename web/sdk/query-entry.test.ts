import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { change, newEntry, put, refresh, renew } from './query-entry.ts'

/** A server whose answers are written when it is asked and come when they are let through. */
function slowServer<Data>(first: Data) {
  const server = { now: first, asked: 0, letThrough: [] as (() => void)[] }
  const load = () => {
    const answer = server.now
    server.asked += 1
    return new Promise<Data>((resolve) => server.letThrough.push(() => resolve(answer)))
  }
  return { server, entry: newEntry('/x', load) }
}
const settle = () => new Promise((resolve) => setTimeout(resolve))

test('who asks at the same time shares the answer', async () => {
  const { server, entry } = slowServer('a')
  const both = [refresh(entry), refresh(entry)]
  server.letThrough[0]?.()
  await Promise.all(both)
  assert.equal([server.asked, entry.state.value.data], [1, 'a'])
})

test('news that come while an older answer is on its way are fetched after it, once', async () => {
  const { server, entry } = slowServer('before')
  void refresh(entry)
  server.now = 'after'
  const done = Promise.all([renew(entry), renew(entry)])
  server.letThrough[0]?.()
  await settle()
  assert.equal([server.asked, entry.state.value.data], [2, 'before'])
  server.letThrough[1]?.()
  await done
  assert.equal([server.asked, entry.state.value.data], [2, 'after'])
})

test('a change that is heard of before the first answer, or during a later one, is not undone by it', async () => {
  const { server, entry } = slowServer({ status: 'offline', viewers: 0 })
  const loaded = refresh(entry)
  change(entry, (data) => ({ ...(data as object), status: 'live' }))
  assert.is(entry.state.value.data, undefined)
  server.letThrough[0]?.()
  await loaded
  assert.equal(entry.state.value.data, { status: 'live', viewers: 0 })
  const again = refresh(entry)
  change(entry, (data) => ({ ...(data as object), viewers: 3 }))
  assert.equal(entry.state.value.data, { status: 'live', viewers: 3 })
  server.letThrough[1]?.()
  await again
  assert.equal(
    entry.state.value.data,
    { status: 'offline', viewers: 3 },
    'what was changed before is the server’s',
  )
})

test('data put in place is newer than an answer on its way', async () => {
  const { server, entry } = slowServer('read')
  const loaded = refresh(entry)
  put(entry, 'saved')
  server.letThrough[0]?.()
  await loaded
  assert.is(entry.state.value.data, 'saved')
})

test('a failed fetch keeps what was known, and the one asked for meanwhile is made', async () => {
  let tries = 0
  const entry = newEntry('/x', async () => {
    tries += 1
    if (tries === 1) throw new Error('broken')
    return 'whole'
  })
  put(entry, 'old')
  const failed = refresh(entry)
  const renewed = renew(entry)
  await failed
  assert.is(entry.state.value.data, 'old')
  await renewed
  assert.equal([entry.state.value.data, entry.state.value.error], ['whole', null])
})

test.run()
