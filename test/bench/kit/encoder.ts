import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { amf } from '../../../plugins/live/ingest/test-kit.ts'
import { sleep } from './numbers.ts'
import { runToEnd, until } from './program.ts'
import { sourceFile } from './source.ts'

interface Tag {
  type: number
  ms: number
  payload: Buffer
}

const chunkBytes = 65_536
const commands = 20
const video = 9
const key = 1

/**
 * An encoder that knows when it sent which frame: publishes the source in real time, as ffmpeg would, over a plain
 * RTMP connection.
 */
export class TimedEncoder {
  /** When the first byte went out, by `performance.now()`. */
  startedAt = 0
  /** When the last frame of each segment that is over was sent. */
  readonly lastFramesAt: number[] = []
  private readonly socket: Socket
  private received = Buffer.alloc(0)
  private previousAt = 0
  private isStopped = false

  private constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true })
    this.socket.on('data', (bytes) => {
      this.received = Buffer.concat([this.received, bytes])
    })
    this.socket.on('error', () => undefined)
  }

  /** Connects and publishes until `stop`; resolves when the server said that the publish started. */
  static async publish(url: string): Promise<TimedEncoder> {
    const { port, pathname } = new URL(url.replace('rtmp:', 'http:'))
    const name = pathname.split('/').at(-1) ?? ''
    const encoder = new TimedEncoder(Number(port))
    await until('a connection', () => encoder.socket.readyState === 'open', 1)
    const tags = readTags()
    encoder.startedAt = performance.now()
    encoder.socket.write(Buffer.concat([Buffer.from([3]), Buffer.alloc(1536)]))
    await until('the handshake', () => encoder.received.length >= 3073, 1)
    encoder.socket.write(Buffer.alloc(1536))
    encoder.send(2, { type: 1, ms: 0, payload: u32(chunkBytes) })
    const tcUrl = `rtmp://127.0.0.1:${port}/live`
    encoder.command(0, amf('connect', 1, { app: 'live', tcUrl, flashVer: 'FMLE/3.0' }))
    encoder.command(0, amf('createStream', 2, null))
    encoder.command(1, amf('publish', 3, null, name, 'live'))
    await until('the publish', () => encoder.received.includes('NetStream.Publish.Start'), 1)
    void encoder.run(tags)
    return encoder
  }

  stop(): void {
    this.isStopped = true
    this.socket.destroy()
  }

  private async run(tags: readonly Tag[]): Promise<void> {
    const start = performance.now()
    for (const tag of tags) {
      const wait = start + tag.ms - performance.now()
      if (wait > 0) await sleep(wait)
      if (this.isStopped) return
      if (tag.type === video && tag.payload[1] === 1) this.note(tag)
      this.send(tag.type === video ? 6 : 4, tag, 1)
    }
  }

  /** A key frame says that the frame before it was the last of its segment. */
  private note(tag: Tag): void {
    if (tag.payload[0]! >> 4 === key && this.previousAt > 0) this.lastFramesAt.push(this.previousAt)
    this.previousAt = performance.now()
  }

  private command(streamId: number, payload: Buffer): void {
    this.send(3, { type: commands, ms: 0, payload }, streamId)
  }

  private send(chunkStream: number, { type, ms, payload }: Tag, streamId = 0): void {
    const header = Buffer.alloc(12)
    header[0] = chunkStream
    header.writeUIntBE(ms, 1, 3)
    header.writeUIntBE(payload.length, 4, 3)
    header[7] = type
    header.writeUInt32LE(streamId, 8)
    const pieces = [header, payload.subarray(0, chunkBytes)]
    for (let at = chunkBytes; at < payload.length; at += chunkBytes) {
      pieces.push(Buffer.from([0xc0 | chunkStream]), payload.subarray(at, at + chunkBytes))
    }
    this.socket.write(Buffer.concat(pieces))
  }
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** Sound and pictures of the source in the order of their times. */
function readTags(): Tag[] {
  const file = sourceFile().replace('.mp4', '.flv')
  runToEnd('ffmpeg', ['-v', 'error', '-y', '-i', sourceFile(), '-c', 'copy', '-f', 'flv', file])
  const flv = readFileSync(file)
  const tags: Tag[] = []
  let at = flv.readUInt32BE(5) + 4
  while (at + 11 <= flv.length) {
    const type = flv[at]!
    const size = flv.readUIntBE(at + 1, 3)
    const ms = flv.readUIntBE(at + 4, 3)
    if (type === 8 || type === video) tags.push({ type, ms, payload: flv.subarray(at + 11, at + 11 + size) })
    at += 11 + size + 4
  }
  return tags
}
