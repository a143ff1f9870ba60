import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { NativeLink } from './native-link.ts'
import type { From, LinkNews, Program } from './source.ts'

const test = suite('native link')

const live = { kind: 'live', url: '/hls/token/stream/index.m3u8' } as const
const variant = (bandwidth: number, size: string) =>
  `#EXT-X-STREAM-INF:AVERAGE-BANDWIDTH=1,BANDWIDTH=${bandwidth},RESOLUTION=${size},AUDIO="sound"\nvideo.m3u8\n`
const ladder = `#EXTM3U\n${variant(4_000_000, '1920x1080')}${variant(1_000_000, '854x480')}`
const began = Date.parse('2026-11-22T20:00:00Z')

/** As far as a browser's own element is asked: a new address stops it, and its place is known with its metadata. */
class Element extends EventTarget {
  readonly addresses: string[] = []
  currentTime = 0
  paused = true
  error = null
  seekable = { length: 1, start: () => 0, end: () => 60 }

  set src(address: string) {
    this.addresses.push(address)
    this.paused = true
    this.currentTime = 0
  }

  getStartDate(): Date {
    return new Date(began)
  }

  async play(): Promise<void> {
    this.paused = false
  }

  removeAttribute(): void {}
  load(): void {}
}

const realFetch = globalThis.fetch
let asked: string[] = []
let answer: () => Promise<Response>

test.before.each(() => {
  asked = []
  answer = async () => new Response(ladder)
  globalThis.fetch = (input) => {
    asked.push(String(input))
    return answer()
  }
})
test.after(() => {
  globalThis.fetch = realFetch
})

/** A link that has read its playlist. */
async function open(program: Program = live, from: From = null, choice: number | null = null) {
  const element = new Element()
  let told = () => {}
  const isRead = new Promise<void>((resolve) => {
    told = resolve
  })
  const news: LinkNews = {
    trouble: () => {},
    well: () => {},
    serverTime: () => {},
    stalled: () => {},
    changed: told,
  }
  const link = new NativeLink(element as unknown as HTMLMediaElement, program, from, news)
  link.choose(choice)
  await isRead
  return { element, link }
}

const heightsOf = ({ addresses }: Element) => addresses.map((address) => /height=(\d+)/.exec(address)?.[1])

test('a browser that plays HLS by itself is offered the pictures of the playlist [LIVE-04]', async () => {
  const { element, link } = await open()
  assert.equal(link.rungs(), [
    { index: 0, width: 1920, height: 1080, bitsPerSecond: 4_000_000, isSource: true },
    { index: 1, width: 854, height: 480, bitsPerSecond: 1_000_000, isSource: false },
  ])
  assert.equal(asked, ['/hls/token/stream/index.m3u8?uncounted'])
  assert.equal(heightsOf(element), [undefined])
})

test('a choice asks for these pictures alone, at the same moment, and plays on [LIVE-04]', async () => {
  const { element, link } = await open()
  element.currentTime = 42
  await element.play()
  link.choose(1)
  link.choose(1)
  assert.equal(heightsOf(element), [undefined, '480'])
  assert.match(element.addresses[1]!, /\?v=\w+&height=480$/, 'counted as the same viewer')
  assert.is(element.addresses[1]!.replace('&height=480', ''), element.addresses[0])
  assert.not.ok(element.paused)
  assert.is(link.figures().rung?.height, 480)
  element.dispatchEvent(new Event('loadedmetadata'))
  assert.is(element.currentTime, 42)
  link.choose(null)
  assert.equal(heightsOf(element), [undefined, '480', undefined])
})

test('what is paused stays paused, and an unseen picture is left as it is [LIVE-04]', async () => {
  const { element, link } = await open()
  link.choose(null, true)
  link.choose(0)
  assert.ok(element.paused)
  assert.equal(heightsOf(element), [undefined, '1080'])
})

test('a choice of another time holds from the first playlist on, and from where it was to begin [LIVE-04]', async () => {
  const { element } = await open(live, { atMs: began + 20_000 }, 1)
  assert.equal(heightsOf(element), [undefined, '480'])
  element.dispatchEvent(new Event('loadedmetadata'))
  assert.is(element.currentTime, 20)
})

test('a playlist that cannot be read leaves no choice, and the browser plays [LIVE-04]', async () => {
  answer = async () => new Response('', { status: 503 })
  const { element, link } = await open(live, null, 1)
  assert.equal(link.rungs(), [])
  assert.equal(heightsOf(element), [undefined])
  answer = () => Promise.reject(new TypeError('offline'))
  assert.equal((await open()).link.rungs(), [])
})

test('a picture beside another sound asks for nothing more [LIVE-11]', () => {
  const news: LinkNews = {
    trouble: () => {},
    well: () => {},
    serverTime: () => {},
    stalled: () => {},
    changed: () => {},
  }
  const element = new Element()
  new NativeLink(element as unknown as HTMLMediaElement, { ...live, kind: 'angle' }, null, news)
  assert.equal(asked, [])
  assert.match(element.addresses[0]!, /uncounted/)
})

test.run()
