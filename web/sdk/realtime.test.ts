import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { backoffMs, roomKey } from './realtime.ts'

test('waits longer after each failure, never more than half a minute, never all browsers at once', () => {
  assert.is(backoffMs(0, 0), 250)
  assert.is(backoffMs(0, 1), 500)
  assert.is(backoffMs(3, 1), 4000)
  assert.is(backoffMs(50, 1), 30_000)
  assert.is(backoffMs(50, 0), 15_000)
})

test('the same room is the same whatever the order of its parameters', () => {
  assert.is(roomKey('chat.room', { a: 1, b: 2 }), roomKey('chat.room', { b: 2, a: 1 }))
  assert.is.not(roomKey('chat.room', { slug: 'one' }), roomKey('chat.room', { slug: 'two' }))
})

test.run()
