import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Waiting } from './waiting.ts'

const test = suite('requests that wait')

/** A request of its own connection from that address, and what became of it. */
function ask(waiting: Waiting, remoteAddress: string, forwarded?: string) {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
  const req = { headers, socket: { remoteAddress, destroy: () => undefined } }
  const res = Object.assign(new EventEmitter(), { req, destroyed: false })
  const told = { what: 'waits' }
  const tell = (what: string) => () => {
    told.what = what
  }
  waiting.add('stream', {
    res: res as unknown as ServerResponse,
    isDue: () => true,
    answer: tell('answered'),
    expire: tell('later'),
    maxMs: 60_000,
  })
  return { told, leave: () => res.emit('close') }
}
const howMany = (asked: readonly { told: { what: string } }[], what: string) =>
  asked.filter(({ told }) => told.what === what).length
const many = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i))

test('one address with ten thousand connections leaves room for all others, by a proxy too [LIVE-03] [SEC-06]', () => {
  for (const [one, other] of [
    [['203.0.113.9'], ['198.51.100.1']],
    [
      ['127.0.0.1', '198.51.100.1, 203.0.113.9'],
      ['127.0.0.1', '203.0.113.9, 198.51.100.1'],
    ],
    [['2001:db8:1::1'], ['2001:db8:1:2::1']],
  ] as [[string, string?], [string, string?]][]) {
    const waiting = new Waiting()
    const crowd = many(10_000, () => ask(waiting, ...one))
    assert.is(howMany(crowd, 'waits'), 10_000, 'alone it may have what there is')
    const more = many(10_000, () => ask(waiting, ...one))
    assert.is(howMany(more, 'later'), 10_000)
    const others = many(2_000, () => ask(waiting, ...other))
    assert.is(howMany(others, 'waits'), 2_000)
    for (const { leave } of [...crowd, ...others]) leave()
    assert.is(waiting.size, 0)
    assert.is(ask(waiting, ...one).told.what, 'waits')
  }
})

test('a proxy that does not say whose requests it passes on is not one viewer [LIVE-03]', () => {
  const waiting = new Waiting()
  const crowd = many(15_000, () => ask(waiting, '127.0.0.1'))
  assert.is(howMany(crowd, 'waits'), 15_000)
})

test.run()
