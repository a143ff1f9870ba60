import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { ApplianceInfo, Child, Log } from '#sdk'
import {
  IngestLink,
  type IngestSite,
  type PublishAnswer,
  type PublishRequest,
  type StreamNews,
} from './ingest-link.ts'
import { until } from './media/test-kit.ts'
import type { FromIngest, ToIngest } from './media/types.ts'

/** A child process that only remembers. */
class FakeChild implements Child {
  isRunning = true
  pid = 1
  readonly sent: ToIngest[] = []
  #listener: (message: unknown) => void = () => undefined
  #started: () => void = () => undefined

  send(message: unknown): void {
    this.sent.push(message as ToIngest)
  }
  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener
  }
  onStart(listener: () => void): void {
    this.#started = listener
    listener()
  }
  async stop(): Promise<void> {
    this.isRunning = false
  }
  says(message: FromIngest): void {
    this.#listener(message)
  }
  restarts(): void {
    this.#started()
  }
  answers(): ToIngest[] {
    return this.sent.filter((message) => message.type === 'publish-answer')
  }
}

class FakeSite implements IngestSite {
  readonly heard: StreamNews[] = []
  readonly asked: PublishRequest[] = []
  starts = 0
  answerWith: PublishAnswer | Promise<PublishAnswer>
  readonly #host: string
  constructor(host: string, answerWith: PublishAnswer) {
    this.#host = host
    this.answerWith = answerWith
  }
  answersTo(host: string): boolean {
    return host === this.#host
  }
  async answer(request: PublishRequest): Promise<PublishAnswer> {
    this.asked.push(request)
    return this.answerWith
  }
  hear(news: StreamNews): void {
    this.heard.push(news)
  }
  childStarted(): void {
    this.starts++
  }
}

const accepted = (id: string): PublishAnswer => ({
  accept: true,
  stream: { id, dir: `/streams/${id}`, segmentMs: 2000, windowMs: 30_000 },
})
const wrongKey: PublishAnswer = { accept: false, reason: 'Not known.', isWrongKey: true }
const appliance: ApplianceInfo = {
  rtmp: { host: '127.0.0.1', port: 1935, tls: null, publicHost: null },
  icecast: null,
  nodeAddress: null,
  runDir: '/run/veza',
  roles: ['ingest'],
}
const request = (changes: Partial<PublishRequest> = {}): PublishRequest => ({
  type: 'publish-request',
  requestId: 1,
  host: 'a.test',
  app: 'live',
  key: '0123456789abcdef0123456789abcdef',
  query: {},
  address: '192.0.2.1',
  encoder: 'test',
  ...changes,
})
const settled = () => new Promise((resolve) => setImmediate(resolve))

interface Scene {
  child: FakeChild
  link: IngestLink
  a: FakeSite
  b: FakeSite
  lines: string[]
}
const test = suite<Scene>('the link to the ingest')

test.before.each(async (scene) => {
  scene.lines = []
  const note = (fields: object, message: string) =>
    void scene.lines.push(`${message} ${JSON.stringify(fields)}`)
  const log: Log = { debug: note, info: note, warn: note, error: note }
  scene.child = new FakeChild()
  scene.link = new IngestLink(scene.child, appliance, log)
  scene.a = new FakeSite('a.test', accepted('in-a'))
  scene.b = new FakeSite('b.test', wrongKey)
  scene.link.add(scene.a)
  scene.link.add(scene.b)
  await until(() => scene.child.sent.length > 0)
})
test.after.each(({ link }) => link.close())

test('it makes every new process listen, and is ready once that does', async ({ child, link, a }) => {
  assert.equal(child.sent[0], {
    type: 'listen',
    rtmp: { host: '127.0.0.1', port: 1935 },
    socketPath: '/run/veza/live.sock',
    spoolDir: '/run/veza/live-spool',
  })
  assert.is(link.isListening, false)
  child.says({ type: 'listening', port: 1935 })
  assert.is(link.isListening, true)
  child.restarts()
  assert.is(link.isListening, false)
  link.send({ type: 'end', streamId: 's', reason: 'kicked' })
  await until(() => child.sent.length === 3)
  // What the process before left is recovered first, so nothing is asked of the new one until it was told to listen.
  assert.equal(
    child.sent.map(({ type }) => type),
    ['listen', 'listen', 'end'],
  )
  assert.is(a.starts, 2)
})

test('the host dialled picks the one site that is asked', async ({ child, a, b }) => {
  child.says(request())
  child.says(request({ requestId: 2, host: 'b.test' }))
  child.says(request({ requestId: 3, host: 'c.test' }))
  await settled()
  assert.equal([a.asked.length, b.asked.length], [1, 1])
  assert.equal(
    child.answers().map((answer) => answer.type === 'publish-answer' && [answer.requestId, answer.accept]),
    [
      [3, false],
      [1, true],
      [2, false],
    ],
  )
})

test('news reach only the site that owns the stream', ({ child, link, a, b }) => {
  link.own('s', a)
  child.says({ type: 'playing', streamId: 's', hasVideo: true, hasAudio: true, resumed: false })
  child.says({ type: 'playing', streamId: 't', hasVideo: true, hasAudio: true, resumed: false })
  link.disown('s')
  child.says({ type: 'publisher-gone', streamId: 's', cause: 'dropped' })
  assert.equal([a.heard.length, b.heard.length], [1, 0])
})

test('a refusal is logged with 4 characters of the key at most [LIVE-02]', async ({ child, lines }) => {
  const key = 'deadbeefdeadbeefdeadbeefdeadbeef'
  child.says(request({ host: 'b.test', key }))
  await settled()
  assert.match(lines.join('\n'), /"keyHint":"dead"/)
  assert.not.match(lines.join('\n'), /deadb/)
})

test('an address that guesses keys is turned away without asking [LIVE-02]', async ({ child, b, a }) => {
  for (let i = 0; i < 30; i++) {
    child.says(request({ requestId: i, host: 'b.test' }))
    await settled()
  }
  assert.is(b.asked.length, 20)
  child.says(request({ requestId: 90 }))
  child.says(request({ requestId: 91, address: '192.0.2.2' }))
  await settled()
  assert.equal(
    a.asked.map((asked) => asked.requestId),
    [91],
  )
})

test('an answer for a process that died meanwhile is not given to the next one', async ({ child, a }) => {
  let answer: (answer: PublishAnswer) => void = () => undefined
  a.answerWith = new Promise((resolve) => {
    answer = resolve
  })
  child.says(request())
  await settled()
  child.restarts()
  answer(accepted('late'))
  await settled()
  assert.equal(child.answers(), [])
})

test('a site that fails or another path than /live is a refusal in words', async ({ child, a }) => {
  a.answerWith = Promise.reject(new Error('no database'))
  child.says(request())
  child.says(request({ requestId: 2, app: 'stream' }))
  await settled()
  const reasons = child.answers().map((message) => 'reason' in message && message.reason)
  assert.match(reasons.join(' '), /must end in \/live/)
  assert.match(reasons.join(' '), /cannot take a stream at the moment/)
})

test.run()
