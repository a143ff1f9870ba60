import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { MediaReceiver, PlayingInfo } from '../media/receiver.ts'
import type { FromIngest, Sample, StreamTarget, TrackConfig } from '../media/types.ts'
import { Ingest } from './ingest.ts'
import type { IngestLimits } from './limits.ts'

type MessageOf<Type extends FromIngest['type']> = Extract<FromIngest, { type: Type }>

/** Remembers what it was given; says `playing` at the first sample after each start. */
export class FakeReceiver implements MediaReceiver {
  pendingBytes = 0
  isHoarding = false
  /** The date of the publisher's time 0, as if media had begun then. */
  zeroMs: number | null = null
  readonly calls: string[] = []
  readonly configs: TrackConfig[] = []
  readonly samples: Sample[] = []
  private isWaiting = true
  private tell: (info: PlayingInfo) => void = () => undefined

  config(config: TrackConfig): void {
    this.configs.push(config)
  }

  sample(sample: Sample): void {
    this.samples.push(sample)
    if (this.isHoarding) this.pendingBytes += sample.data.length
    if (!this.isWaiting) return
    this.isWaiting = false
    this.tell({
      hasVideo: sample.track === 'video',
      hasAudio: sample.track === 'audio',
      resumed: this.calls.length > 0,
    })
  }

  async interrupt(): Promise<void> {
    this.calls.push('interrupt')
    this.isWaiting = true
  }

  async end() {
    this.calls.push('end')
    return { durationMs: 1, sizeBytes: 2, segments: 3 }
  }

  onDiskFull(): void {}

  offerRungs(): void {}

  openRung() {
    return { config: () => undefined, sample: () => undefined, close: () => undefined }
  }

  dateOf(timeMs: number): number | null {
    return this.zeroMs === null ? null : this.zeroMs + timeMs
  }

  title(title: string): number {
    this.calls.push(`title ${title}`)
    return 0
  }

  onPlaying(tell: (info: PlayingInfo) => void): void {
    this.tell = tell
  }
}

/** An ingest on a free port whose web process accepts the key `good` as stream `one` and `other-…` as itself. */
export class TestIngest {
  port = 0
  rtmpsPort = 0
  readonly messages: FromIngest[] = []
  readonly receivers = new Map<string, FakeReceiver>()
  readonly ingest: Ingest
  answersAfterMs = 0

  constructor(limits: Partial<IngestLimits> = {}, healthEveryMs = 2_000) {
    this.ingest = new Ingest({
      limits,
      healthEveryMs,
      receiverFor: async (target) => {
        const receiver = new FakeReceiver()
        this.receivers.set(target.id, receiver)
        return receiver
      },
      send: (message) => this.onMessage(message),
    })
  }

  static async start(limits: Partial<IngestLimits> = {}, healthEveryMs?: number): Promise<TestIngest> {
    const started = new TestIngest(limits, healthEveryMs)
    await started.listen()
    return started
  }

  async listen(rtmps?: { certFile: string; keyFile: string }): Promise<void> {
    const host = '127.0.0.1'
    await this.ingest.handle({
      type: 'listen',
      rtmp: { host, port: 0 },
      socketPath: '',
      ...(rtmps && { rtmps: { host, port: 0, ...rtmps } }),
    })
    const { port, rtmpsPort } = this.last('listening')!
    this.port = port
    this.rtmpsPort = rtmpsPort ?? 0
  }

  url(key: string): string {
    return `rtmp://127.0.0.1:${this.port}/live/${key}`
  }

  all<Type extends FromIngest['type']>(type: Type): MessageOf<Type>[] {
    return this.messages.filter((message): message is MessageOf<Type> => message.type === type)
  }

  last<Type extends FromIngest['type']>(type: Type): MessageOf<Type> | undefined {
    return this.all(type).at(-1)
  }

  /** Waits for the count-th message of a type. */
  async wait<Type extends FromIngest['type']>(type: Type, count = 1): Promise<MessageOf<Type>> {
    await until(() => this.all(type).length >= count, `${count} x ${type}`)
    return this.all(type)[count - 1]!
  }

  private onMessage(message: FromIngest): void {
    this.messages.push(message)
    if (message.type === 'publish-request') void this.answer(message)
  }

  private async answer({ requestId, key }: MessageOf<'publish-request'>): Promise<void> {
    await delay(this.answersAfterMs)
    const id = key === 'good' ? 'one' : key.startsWith('other-') ? key : undefined
    await this.ingest.handle(
      id
        ? { type: 'publish-answer', requestId, accept: true, stream: targetOf(id) }
        : {
            type: 'publish-answer',
            requestId,
            accept: false,
            reason: 'This stream key is not valid.',
            isWrongKey: true,
          },
    )
  }
}

export function targetOf(id: string): StreamTarget {
  return { id, dir: `/nowhere/${id}`, segmentMs: 2_000, windowMs: 30_000 }
}

/** Resolves when the condition holds; rejects after a generous time, so that a broken test ends. */
export async function until(isTrue: () => boolean, what: string): Promise<void> {
  const giveUpAt = Date.now() + 40_000
  while (!isTrue()) {
    if (Date.now() > giveUpAt) throw new Error(`waited in vain for ${what}`)
    await delay(10)
  }
}

const picture = ['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=30']
const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000']
const h264 = '-c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -g 15'.split(' ')
const aac = '-c:a aac -b:a 96k'.split(' ')

/** ffmpeg's arguments for the publishes that tests need. */
export const media = {
  both: [...picture, ...sound, ...h264, ...aac],
  videoOnly: [...picture, ...h264],
  audioOnly: [...sound, ...aac],
  mp3: [...picture, ...sound, ...h264, '-c:a', 'libmp3lame', '-ar', '44100'],
}

/** One real ffmpeg that publishes in real time. */
export class Encoder {
  readonly process: ChildProcess
  readonly exited: Promise<number | null>
  stderr = ''

  constructor(url: string, args: string[]) {
    const real = args.flatMap((arg) => (arg === '-f' ? ['-re', '-f'] : [arg]))
    const options = ['-hide_banner', '-loglevel', 'warning', ...real, '-f', 'flv', url]
    this.process = spawn('ffmpeg', options, { stdio: ['pipe', 'ignore', 'pipe'] })
    this.process.stderr!.on('data', (text) => {
      this.stderr += text
    })
    this.exited = once(this.process, 'exit').then(([code]) => code)
  }

  /** `q` lets ffmpeg say goodbye; `SIGKILL` does not. */
  async stop(how: 'q' | 'SIGKILL' = 'SIGKILL'): Promise<void> {
    if (how === 'q') this.process.stdin!.end('q')
    else this.process.kill(how)
    await this.exited
  }
}

/** A hand-made RTMP client for what ffmpeg would never send. */
export class RawClient {
  received = Buffer.alloc(0)
  isClosed = false
  readonly socket: Socket

  constructor(port: number, allowHalfOpen = false, localAddress = '127.0.0.1') {
    this.socket = connect({ port, host: '127.0.0.1', localAddress, allowHalfOpen })
    this.socket.on('data', (bytes) => {
      this.received = Buffer.concat([this.received, bytes])
    })
    this.socket.on('error', () => undefined)
    this.socket.on('close', () => {
      this.isClosed = true
    })
  }

  async shakeHands(): Promise<void> {
    this.socket.write(Buffer.concat([Buffer.from([3]), Buffer.alloc(1536, 1)]))
    await until(() => this.received.length >= 3073, 'the handshake')
    this.socket.write(Buffer.alloc(1536, 1))
  }

  /** Shakes hands, connects and asks to publish. */
  async publish(key: string, tcUrl: string | undefined = 'rtmp://127.0.0.1/live'): Promise<void> {
    await this.shakeHands()
    const app = { app: 'live', ...(tcUrl !== undefined && { tcUrl }) }
    this.send(20, amf('connect', 1, app))
    this.send(20, amf('createStream', 2, null))
    this.send(20, amf('publish', 3, null, key, 'live'), 0, 1)
  }

  /** One whole message in chunks of 128 bytes; chunk stream 3 unless told. */
  send(type: number, payload: Buffer, timestamp = 0, streamId = 0, chunkStream = 3): void {
    const header = Buffer.alloc(12)
    header[0] = chunkStream
    header.writeUIntBE(Math.min(timestamp, 0xffffff), 1, 3)
    header.writeUIntBE(payload.length, 4, 3)
    header[7] = type
    header.writeUInt32LE(streamId, 8)
    const extended = Buffer.alloc(timestamp >= 0xffffff ? 4 : 0)
    if (extended.length > 0) extended.writeUInt32BE(timestamp)
    const chunks = [header, extended, payload.subarray(0, 128)]
    for (let at = 128; at < payload.length; at += 128) {
      chunks.push(Buffer.from([0xc0 | chunkStream]), extended, payload.subarray(at, at + 128))
    }
    this.socket.write(Buffer.concat(chunks))
  }

  async waitFor(text: string): Promise<void> {
    await until(() => this.received.includes(text), text)
  }

  async closed(): Promise<void> {
    await until(() => this.isClosed, 'the connection to close')
  }
}

/** AMF0 bytes of some values. */
export function amf(...values: (string | number | null | Record<string, string>)[]): Buffer {
  return Buffer.concat(values.map(amfValue))
}

function amfValue(value: string | number | null | Record<string, string>): Buffer {
  if (value === null) return Buffer.from([5])
  if (typeof value === 'string') return Buffer.concat([Buffer.from([2]), amfText(value)])
  if (typeof value === 'number') {
    const number = Buffer.alloc(9)
    number.writeDoubleBE(value, 1)
    return number
  }
  const fields = Object.entries(value).map(([name, text]) => Buffer.concat([amfText(name), amfValue(text)]))
  return Buffer.concat([Buffer.from([3]), ...fields, Buffer.from([0, 0, 9])])
}

function amfText(text: string): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(text.length)
  return Buffer.concat([length, Buffer.from(text, 'latin1')])
}
