import { randomBytes } from 'node:crypto'
import { connect as connectTcp, type Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { SimulcastFault } from '../contract.ts'
import { type AmfObject, asAmfObject } from '../ingest/amf.ts'
import { encodeAmf0 } from '../ingest/amf-write.ts'
import { type RtmpCommand, RtmpProtocol } from '../ingest/rtmp-protocol.ts'
import { chunked } from './chunks.ts'

/** Where to, resolved and looked at before; the name is kept for TLS and for the server. */
export interface PushTarget {
  address: string
  port: number
  isTls: boolean
  hostName: string
  app: string
  streamKey: string
}

export interface PushEvents {
  /** The server takes media from now on. */
  started(): void
  /** Called once; why, as the server or the system says it. `isRefusal`: by the server, for the key or the stream. */
  ended(reason: string, isRefusal: boolean, fault?: SimulcastFault | null): void
}

/** Loaded with the first destination that wants it. */
const tls = () => process.getBuiltinModule('node:tls')

const handshakeBytes = 1536
const beginWithinMs = 10_000
const idleMs = 30_000
/** Commands of a server are small; nothing else comes. */
const limits = { messageBytes: 64 * 1024, chunkStreams: 16 }
/** Answers to what the server asks; more than it takes is a server that asks without end and reads nothing. */
const mostUnreadAnswers = 1024 * 1024
const cids = { control: 2, command: 3, audio: 4, video: 6 }
const types = { chunkSize: 1, command: 20, data: 18 }
const outChunkBytes = 60_000

/**
 * Publishes to another RTMP server (Adobe's RTMP 1.0 specification, sections 5.2 and 7.2): handshake, connect,
 * createStream, publish, then messages as they come. Nothing is sent before the server said Publish.Start.
 */
export class RtmpPush {
  readonly #target: PushTarget
  readonly #events: PushEvents
  readonly #socket: Socket | TLSSocket
  #isConnected = false
  /** The line is there, and encrypted where it is to be. */
  #isGreeted = false
  #protocol: RtmpProtocol | null = null
  #greeting: Buffer = Buffer.alloc(0)
  #streamId = 0
  /** The next of our questions that is to be answered; each is answered once. */
  #asked: 'connect' | 'stream' | 'publish' = 'connect'
  #answered = 0
  #state: 'greeting' | 'asking' | 'publishing' | 'over' = 'greeting'
  #received = 0
  #acknowledged = 0
  readonly #deadline: NodeJS.Timeout

  constructor(target: PushTarget, events: PushEvents) {
    this.#target = target
    this.#events = events
    const { address: host, port, hostName } = target
    const isName = !/^[\d.]+$|:/.test(hostName)
    const greet = () => this.#greet()
    this.#socket = target.isTls
      ? tls().connect({ host, port, ...(isName && { servername: hostName }) }, greet)
      : connectTcp({ host, port }, greet)
    this.#socket.setNoDelay(true)
    this.#socket.on('data', (bytes) => this.#onData(bytes))
    this.#socket.on('connect', () => {
      this.#isConnected = true
    })
    this.#socket.on('error', (error) => this.#end(error.message, false, this.#faultOf()))
    this.#socket.on('close', () => this.#end('The server closed the connection.', false, 'closed'))
    const giveUp = () => this.#end('The server did not answer in time.', false, 'no-answer')
    this.#deadline = setTimeout(giveUp, beginWithinMs)
  }

  get isPublishing(): boolean {
    return this.#state === 'publishing'
  }

  /** Bytes that the server has not taken yet. */
  get pendingBytes(): number {
    return this.#socket.writableLength
  }

  /** Sends an audio (8) or video (9) message; the time in milliseconds. */
  media(type: 8 | 9, timeMs: number, payload: Buffer): void {
    if (this.#state !== 'publishing') return
    const cid = type === 8 ? cids.audio : cids.video
    this.#send(cid, { type, timeMs, payload, streamId: this.#streamId })
  }

  metadata(values: AmfObject): void {
    if (this.#state !== 'publishing') return
    const payload = encodeAmf0('@setDataFrame', 'onMetaData', values)
    this.#send(cids.audio, { type: types.data, timeMs: 0, payload, streamId: this.#streamId })
  }

  /** Says goodbye; `ended` is not told. */
  close(): void {
    if (this.#state === 'publishing') {
      this.#command('FCUnpublish', 6, null, this.#target.streamKey)
      this.#command('deleteStream', 7, null, this.#streamId)
    }
    this.#state = 'over'
    clearTimeout(this.#deadline)
    this.#socket.end()
    setTimeout(() => this.#socket.destroy(), 1_000).unref()
  }

  /** What a failure of the connection means. */
  #faultOf(): SimulcastFault {
    if (!this.#isConnected) return 'unreachable'
    if (this.#isGreeted) return 'closed'
    return 'authorizationError' in this.#socket && this.#socket.authorizationError
      ? 'bad-certificate'
      : 'no-tls'
  }

  #greet(): void {
    this.#isGreeted = true
    this.#socket.setTimeout(idleMs)
    this.#socket.on('timeout', () => {
      // A server has little to say while it takes media; one that takes none is gone.
      if (this.pendingBytes > 0 || !this.isPublishing)
        this.#end('The server stopped answering.', false, 'no-answer')
    })
    // Version 3, then a time, four zeros and random bytes.
    this.#socket.write(Buffer.concat([Buffer.from([3]), Buffer.alloc(8), randomBytes(handshakeBytes - 8)]))
  }

  #onData(bytes: Buffer): void {
    if (this.#state === 'over') return
    this.#received += bytes.length
    try {
      const rest = this.#protocol === null ? this.#shakeHands(bytes) : bytes
      if (rest.length > 0) this.#protocol?.parserData(rest)
      this.#acknowledge()
    } catch {
      this.#end('The server does not speak RTMP.', false, 'no-rtmp')
    }
  }

  /** Waits for the server's version, its greeting and its echo of ours; what is left is the first command. */
  #shakeHands(bytes: Buffer): Buffer {
    const all = Buffer.concat([this.#greeting, bytes])
    if (all[0] !== 3) throw new Error('not RTMP')
    if (all.length < 1 + 2 * handshakeBytes) {
      this.#greeting = all
      return Buffer.alloc(0)
    }
    this.#socket.write(all.subarray(1, 1 + handshakeBytes))
    this.#protocol = this.#openProtocol()
    this.#state = 'asking'
    const size = Buffer.alloc(4)
    size.writeUInt32BE(outChunkBytes)
    this.#send(cids.control, { type: types.chunkSize, timeMs: 0, payload: size, streamId: 0 })
    const { hostName, port, app, isTls } = this.#target
    const name = hostName.includes(':') ? `[${hostName}]` : hostName
    const tcUrl = `${isTls ? 'rtmps' : 'rtmp'}://${name}:${port}/${app}`
    this.#command('connect', 1, { app, type: 'nonprivate', flashVer: 'FMLE/3.0 (compatible; Veza)', tcUrl })
    return all.subarray(1 + 2 * handshakeBytes)
  }

  #openProtocol(): RtmpProtocol {
    const protocol = new RtmpProtocol(
      {
        output: (bytes) => this.#reply(bytes),
        command: (command) => this.#onCommand(command),
        message: () => undefined,
      },
      limits.messageBytes,
      limits.chunkStreams,
    )
    protocol.skipHandshake()
    return protocol
  }

  #onCommand({ name, transactionId, args }: RtmpCommand): void {
    const isResult = name === '_result'
    if (isResult && transactionId === 1 && this.#asked === 'connect') this.#askForStream()
    else if (isResult && transactionId === 4 && this.#asked === 'stream') this.#publish(Number(args[0]) || 1)
    else if (name === '_error' || name === 'onStatus') this.#onStatus(asAmfObject(args[0]) ?? {}, name)
  }

  #askForStream(): void {
    this.#asked = 'stream'
    const { streamKey } = this.#target
    this.#command('releaseStream', 2, null, streamKey)
    this.#command('FCPublish', 3, null, streamKey)
    this.#command('createStream', 4, null)
  }

  #publish(streamId: number): void {
    this.#asked = 'publish'
    this.#streamId = streamId
    const payload = encodeAmf0('publish', 5, null, this.#target.streamKey, 'live')
    this.#send(cids.audio, { type: types.command, timeMs: 0, payload, streamId })
  }

  #onStatus(info: AmfObject, command: string): void {
    const code = typeof info.code === 'string' ? info.code : ''
    const words = typeof info.description === 'string' ? info.description : ''
    if (code === 'NetStream.Publish.Start' && this.#state === 'asking') {
      clearTimeout(this.#deadline)
      this.#state = 'publishing'
      this.#events.started()
    } else if (info.level === 'error' || (command === '_error' && code !== '')) {
      // One that ends what it took before may take it again.
      const isRefusal = this.#state === 'asking'
      this.#end(this.#readable(words || code) || 'The server refused the stream.', isRefusal)
    }
  }

  /** What servers say, for people and logs: some repeat the stream's name, which is the key. */
  #readable(words: string): string {
    const { streamKey } = this.#target
    const [name = ''] = streamKey.split('?')
    const forms = [streamKey, name].filter(Boolean).flatMap((key) => [key, encodeURIComponent(key)])
    const known = forms.reduce((text, key) => text.replaceAll(key, '…'), words)
    return known
      .toWellFormed()
      .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
      .slice(0, 200)
      .toWellFormed()
      .trim()
  }

  /** Acknowledgements and answers to pings. */
  #reply(bytes: Buffer): void {
    if (!this.#socket.writable) return
    const isUnread = this.#socket.writableLength > 0
    this.#answered = isUnread ? this.#answered + bytes.length : bytes.length
    if (this.#answered > mostUnreadAnswers) this.#end('The server asks without reading the answers.', false)
    else this.#socket.write(bytes)
  }

  #command(
    name: string,
    transactionId: number,
    object: AmfObject | null,
    ...args: (string | number)[]
  ): void {
    const payload = encodeAmf0(name, transactionId, object, ...args)
    this.#send(cids.command, { type: types.command, timeMs: 0, payload, streamId: 0 })
  }

  #send(cid: number, message: Parameters<typeof chunked>[1]): void {
    // Before our SetChunkSize arrived a message has to fit what every server begins with.
    const size = this.#state === 'greeting' ? 128 : outChunkBytes
    if (this.#socket.writable) this.#socket.write(chunked(cid, message, size))
  }

  #acknowledge(): void {
    const protocol = this.#protocol
    if (!protocol || this.#received - this.#acknowledged < protocol.peerWindowBytes) return
    this.#acknowledged = this.#received
    protocol.sendACK(this.#received % 2 ** 32)
  }

  #end(reason: string, isRefusal: boolean, fault: SimulcastFault | null = null): void {
    if (this.#state === 'over') return
    this.#state = 'over'
    clearTimeout(this.#deadline)
    this.#socket.destroy()
    this.#events.ended(reason, isRefusal, fault)
  }
}
