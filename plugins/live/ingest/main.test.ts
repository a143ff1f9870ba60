import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { FeedClient } from '../media/feed-client.ts'
import { LiveWindows } from '../media/live-windows.ts'
import { recoverSpool } from '../media/spool.ts'
import type { FromIngest, StreamTarget, ToIngest } from '../media/types.ts'
import { Encoder, media, until } from './test-kit.ts'

const test = suite('ingest child process')
const folders: string[] = []
const children: Child[] = []

/** The real child with a web process that accepts every key. */
class Child {
  readonly process: ChildProcess
  readonly messages: FromIngest[] = []
  readonly target: StreamTarget
  output = ''

  constructor(dir: string, more: Partial<StreamTarget>) {
    this.target = { id: 'one', dir: join(dir, 'one'), segmentMs: 1_000, windowMs: 30_000, ...more }
    const main = new URL('./main.ts', import.meta.url)
    this.process = fork(main, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    for (const stream of [this.process.stdout!, this.process.stderr!]) {
      stream.on('data', (text) => {
        this.output += text
      })
    }
    this.process.on('message', (message) => this.onMessage(message as FromIngest))
  }

  send(message: ToIngest): void {
    this.process.send(message)
  }

  async listen(dir: string, rtmps?: { certFile: string; keyFile: string }) {
    const host = '127.0.0.1'
    this.send({
      type: 'listen',
      rtmp: { host, port: 0 },
      socketPath: join(dir, 'feed.sock'),
      spoolDir: join(dir, 'spool'),
      ...(rtmps && { rtmps: { host, port: 0, ...rtmps } }),
    })
    return this.wait('listening')
  }

  async wait<Type extends FromIngest['type']>(type: Type): Promise<Extract<FromIngest, { type: Type }>> {
    const find = () => this.messages.find((message) => message.type === type)
    await until(() => find() !== undefined, type)
    return find() as Extract<FromIngest, { type: Type }>
  }

  private onMessage(message: FromIngest): void {
    this.messages.push(message)
    if (message.type !== 'publish-request') return
    const { requestId, key } = message
    const of = key.startsWith('beside-') ? { id: key, dir: `${this.target.dir}-${key}` } : {}
    this.send({ type: 'publish-answer', requestId, accept: true, stream: { ...this.target, ...of } })
  }
}

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'ingest-'))
  folders.push(dir)
  return dir
}

function child(dir: string, more: Partial<StreamTarget> = {}): Child {
  const started = new Child(dir, more)
  children.push(started)
  return started
}

test.after.each(() => {
  for (const { process } of children.splice(0)) process.kill('SIGKILL')
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true })
})

test('records a real publish; a fresh child finishes what a killed one left, open segments too [LIVE-02] [LIVE-13]', async () => {
  const dir = folder()
  // Parts are kept though nobody is promised any.
  const first = child(dir, { lowLatency: false, segmentMs: 2_000 })
  const { port } = await first.listen(dir)
  const windows = new LiveWindows()
  const feed = new FeedClient(join(dir, 'feed.sock'), windows)
  const encoder = new Encoder(`rtmp://127.0.0.1:${port}/live/secret-key`, media.both)
  const partsOf = (track: 'video' | 'audio') => windows.find('one')?.[track].unfinished?.parts.length ?? 0
  const isOpen = () => partsOf('video') >= 2 && partsOf('audio') >= 2
  assert.is((await first.wait('playing')).hasVideo, true)
  // Held still in the middle of a segment, so that nothing is stored while it is killed.
  for (let isHeld = false; !isHeld; isHeld = isOpen()) {
    encoder.process.kill('SIGCONT')
    await until(isOpen, 'open segments')
    encoder.process.kill('SIGSTOP')
    await delay(300)
  }
  first.process.kill('SIGKILL')
  await once(first.process, 'exit')
  feed.close()
  await encoder.stop()
  // As its parent does before it starts another.
  await recoverSpool(join(dir, 'spool'))
  const index = readFileSync(join(first.target.dir, 'index.jsonl'), 'utf8')
  const second = child(dir, { lowLatency: false })
  await second.listen(dir)
  second.send({ type: 'end', streamId: 'one', reason: 'grace-over', target: second.target })
  const { recording } = await second.wait('ended')
  assert.ok(recording.sizeBytes > 10_000 && recording.durationMs >= 2_000)
  assert.is(first.output + second.output, '')
  assert.is(recording.segments, index.trim().split('\n').length + 2)
})

test('takes RTMPS and ends cleanly when the parent goes or says SIGTERM', async () => {
  const dir = folder()
  const [certFile, keyFile] = [join(dir, 'cert.pem'), join(dir, 'key.pem')]
  const request = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost`
  execFileSync('openssl', [...request.split(' '), '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' })
  const stops = [(started: Child) => started.process.disconnect(), (started: Child) => started.process.kill()]
  for (const stop of stops) {
    const started = child(dir)
    const { rtmpsPort } = await started.listen(dir, { certFile, keyFile })
    const encoder = new Encoder(`rtmps://127.0.0.1:${rtmpsPort}/live/key`, media.audioOnly)
    await started.wait('playing')
    stop(started)
    const [code] = await once(started.process, 'exit')
    assert.is(code, 0)
    assert.is.not(await encoder.exited, 0)
    assert.is(started.output, '')
  }
})

test('sends viewers all that many publishers send, however much: nothing piles up behind its pauses [LIVE-19]', async () => {
  const dir = folder()
  const started = child(dir)
  const { port } = await started.listen(dir)
  const windows = new LiveWindows()
  const feed = new FeedClient(join(dir, 'feed.sock'), windows)
  let joins = 0
  windows.onMessage(({ type }) => {
    if (type === 'open') joins++
  })
  // Some 20 MB a second, as fifty publishers of 720p send: a socket's buffer for each pause would be a third of it.
  const file = join(dir, 'heavy.flv')
  const heavy = 'testsrc2=size=640x360:rate=30:duration=2,noise=alls=100:allf=t'
  const rate =
    '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 30 -b:v 40M -minrate 40M -maxrate 40M -bufsize 40M'
  execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', heavy, ...rate.split(' '), file])
  const keys = ['beside-1', 'beside-2', 'beside-3', 'beside-4']
  const encoders = keys.map(
    (key) =>
      new Encoder(`rtmp://127.0.0.1:${port}/live/${key}`, [
        ...['-stream_loop', '-1', '-f', 'flv', '-i', file],
        ...['-c', 'copy'],
      ]),
  )
  try {
    // One by one: a slow machine takes its time for so much, and it comes all the same.
    for (let seq = 0; seq < 8; seq++)
      await until(
        () => keys.every((key) => (windows.find(key)?.video.lastSeq ?? -1) >= seq),
        `segment ${seq} of each`,
      )
    assert.is(joins, keys.length, 'nobody was dropped for being behind')
    assert.is(started.output, '')
  } finally {
    feed.close()
    await Promise.all(encoders.map((encoder) => encoder.stop()))
  }
})

test('says which port is taken; where a certificate is missing RTMP goes on', async () => {
  const dir = folder()
  const first = child(dir)
  const { port } = await first.listen(dir)
  const second = child(dir)
  const rtmp = { host: '127.0.0.1', port }
  second.send({ type: 'listen', rtmp, socketPath: join(dir, 'second.sock') })
  assert.equal(await second.wait('listen-failed'), { type: 'listen-failed', code: 'EADDRINUSE', port })
  const third = child(dir)
  const rtmps = { host: '127.0.0.1', port: 1936, certFile: join(dir, 'none'), keyFile: join(dir, 'none') }
  third.send({ type: 'listen', rtmp: { ...rtmp, port: 0 }, rtmps, socketPath: join(dir, 'third.sock') })
  assert.equal(Object.keys(await third.wait('listening')), ['type', 'port'])
  const { level, fields } = await third.wait('log')
  assert.equal([level, fields], ['error', { why: `${join(dir, 'none')} cannot be read (ENOENT).` }])
})

test.run()
