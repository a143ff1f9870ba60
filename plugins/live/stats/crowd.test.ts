import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createHlsHandler } from '../media/hls-handler.ts'
import { createReceiver } from '../media/receiver.ts'
import { encode, publish, Stage, until } from '../media/test-kit.ts'
import { type Asking, Viewers } from '../viewers.ts'
import { Crowd, usualMost } from './crowd.ts'
import { ReplayFigures } from './replay-figures.ts'

const from = (remoteAddress: string, forwarded?: string) =>
  ({
    url: '/',
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    socket: { remoteAddress },
  }) as unknown as Asking

const crowds = suite('how many one address is counted as')
const idOf = (i: number) => `viewer-${i}`
const seeMany = (viewers: Viewers, count: number, askingOf: (i: number) => Asking, stream = 's') => {
  for (let i = 0; i < count; i++) viewers.seen(stream, `${stream}${idOf(i)}`, askingOf(i))
}

crowds(
  'a script at one address is a thousand viewers at most, of all streams together [LIVE-16] [SEC-06]',
  () => {
    for (const askingOf of [
      () => from('203.0.113.9'),
      () => from('::ffff:203.0.113.9'),
      (i: number) => from('127.0.0.1', `198.51.100.${i % 250}, 203.0.113.9`),
      (i: number) => from(`2001:db8:0:7::${(i + 1).toString(16)}`),
    ]) {
      const viewers = new Viewers(() => undefined)
      for (const stream of ['a', 'b', 'c']) seeMany(viewers, 700, askingOf, stream)
      assert.is(viewers.total, usualMost)
      viewers.seen('a', 'somebody-else', from('198.51.100.77'))
      assert.is(viewers.count('a'), 701)
      viewers.stop()
    }
  },
)

crowds(
  'a /48 of many networks is twice that; thousands of addresses, and what nobody tells apart, are all counted [LIVE-16]',
  () => {
    const counted = (askingOf: (i: number) => Asking) => {
      const viewers = new Viewers(() => undefined)
      seeMany(viewers, 5_000, askingOf)
      viewers.stop()
      return viewers.count('s')
    }
    assert.equal(
      [
        counted((i) => from(`2001:db8:9:${i.toString(16)}::1`)),
        counted((i) => from(`2001:db8:${i.toString(16)}::1`)),
        counted((i) => from(`198.18.${i >> 8}.${i & 255}`)),
        counted(() => from('127.0.0.1')),
      ],
      [2 * usualMost, 5_000, 5_000, 5_000],
    )
  },
)

crowds(
  'whoever comes and goes, no network is ever more than it may be, and nobody is lost or left over',
  () => {
    const addresses = [
      '203.0.113.1',
      '203.0.113.2',
      '2001:db8:1:1::1',
      '2001:db8:1:2::1',
      '2001:db8:1:3::1',
      '::1',
    ]
    const steps = fc.array(fc.tuple(fc.nat(addresses.length - 1), fc.boolean()), { maxLength: 120 })
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 4 }), (taken, most) => {
        const crowd = new Crowd(() => most)
        const inside = addresses.map(() => [] as string[])
        const isFull = (at: number) => {
          const v6 = inside.slice(2, 5).flat().length
          return at < 5 && (inside[at]!.length >= most || (at >= 2 && v6 >= 2 * most))
        }
        for (const [at, isComing] of taken) {
          if (isComing) {
            const wasFull = isFull(at)
            const network = crowd.enter(from(addresses[at]!))
            assert.is(network === null, wasFull)
            if (network !== null) inside[at]!.push(network)
          } else {
            const network = inside[at]!.pop()
            if (network !== undefined) crowd.leave(network)
          }
        }
        for (const network of inside.flat()) crowd.leave(network)
        assert.is(crowd.size, 0)
      }),
    )
  },
)
crowds(
  'of a recording, too: a script that calls itself thousands of browsers, by whatever header [LIVE-18] [SEC-06]',
  () => {
    const figures = new ReplayFigures()
    const askAs = (userAgent: string, address: string, forwarded: string) =>
      figures.asked(
        0,
        { ...from(address), headers: { 'user-agent': userAgent, 'x-forwarded-for': forwarded } } as Asking,
        0,
      )
    for (let i = 0; i < 3_000; i++) askAs(`browser ${i}`, '203.0.113.9', `198.51.100.${i % 250}`)
    assert.is(figures.count.people, usualMost)
    for (let i = 0; i < 300; i++) askAs('one', '198.51.100.9', `198.51.100.${i}`)
    assert.is(figures.count.people, usualMost + 1)
    for (let i = 0; i < 300; i++) askAs('one', '127.0.0.1', `198.18.${i >> 8}.${i & 255}`)
    assert.is(figures.count.people, usualMost + 301)
    figures.settle(new Map(), 3_600_000)
    askAs('again', '203.0.113.9', '')
    assert.is(figures.count.people, usualMost + 302)
  },
)
crowds.run()

const test = suite<{
  stage: Stage
  viewers: Viewers
  nowMs: number
  get(file: string, address?: string): Promise<string>
  close(): void
}>('viewers by playlists, from many addresses')
test.before(async (context) => {
  context.stage = await Stage.start()
  context.nowMs = 0
  context.viewers = new Viewers(
    () => undefined,
    () => context.nowMs,
    { mostOfAddress: () => 5 },
  )
  const receiver = await createReceiver(context.stage.target('live'), context.stage.feed)
  publish(receiver, await encode({ seconds: 3, without: 'video' }))
  await receiver.interrupt()
  const { windows, root } = context.stage
  await until(() => windows.find('live')?.audio.segment(0) !== undefined)
  const handler = createHlsHandler({ windows, dirFor: () => root, viewers: context.viewers })
  const server = createServer(
    (req, res) => void handler(req, res, 'live', (req.url ?? '').split('?')[0]!.slice(1)),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  context.get = (file, address) =>
    new Promise((resolve, reject) => {
      const headers = address === undefined ? {} : { 'x-forwarded-for': address }
      const asked = request({ port, host: '127.0.0.1', path: `/${file}`, headers }, async (res) => {
        let text = ''
        for await (const chunk of res) text += chunk
        if (res.statusCode === 200) resolve(text)
        else reject(new Error(`${file}: ${res.statusCode}`))
      })
      asked.once('error', reject).end()
    })
  context.close = () => void server.close()
})
test.after(async ({ stage, viewers, close }) => {
  viewers.stop()
  close()
  await stage.stop()
})

test('made-up ids of one address end where its share does; it is served, and others are counted, players without ids too [LIVE-16] [SEC-06]', async (context) => {
  const { viewers, get } = context
  const count = () => viewers.count('live')
  for (let i = 0; i < 12; i++) assert.match(await get(`audio.m3u8?v=made-up-${i}`, '203.0.113.9'), '#EXTM3U')
  assert.is(count(), 5)
  // As VLC and mpv do: what the list names.
  const named = /^audio\.m3u8\?v=[\w-]+$/m.exec(await get('index.m3u8', '198.51.100.4'))?.[0] ?? ''
  await get(named, '198.51.100.4')
  await get(named, '198.51.100.4')
  assert.is(count(), 6)
  context.nowMs = 8_000
  await get(named, '192.0.2.200')
  await get('audio.m3u8?v=made-up-3', '203.0.113.9')
  context.nowMs = 13_000
  viewers.tick()
  assert.is(count(), 2)
  for (let i = 20; i < 32; i++) await get(`audio.m3u8?v=made-up-${i}`, '203.0.113.9')
  assert.is(count(), 6)
  for (let i = 40; i < 52; i++) await get(`audio.m3u8?v=made-up-${i}`)
  assert.is(count(), 18)
})

test.run()
