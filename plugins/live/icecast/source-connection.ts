import type { Socket } from 'node:net'
import type { IngestLimits } from '../ingest/limits.ts'
import type { PublishConnection } from '../ingest/publish-connection.ts'
import type { PublishRequest } from '../ingest/publish-request.ts'
import type { CutReason, MediaSink } from '../ingest/rtmp-connection.ts'
import { type Answer, answerOf } from './answers.ts'
import { BodyReader } from './body-reader.ts'
import type { SourceCodec } from './codec.ts'
import { readerOf, type SoundReader, type StartProgram } from './decoder.ts'
import { FrameClock } from './frame-clock.ts'
import { endOfHead, hostOf, queryOf, type RequestHead, readHead } from './request-head.ts'
import { encoderOf, readSource, readTitle } from './requests.ts'

type Cause = 'dropped' | 'unpublished'

const maxHead = 8 * 1024
const audioMessage = 8
/** Media may run ahead of the clock by this much: bursts are kept short of what viewers' windows hold. */
const mostAheadMs = 10_000
/** Sound not yet decoded has no time: so little of it may wait that a burst cannot hide there. */
const mostUndecoded = 256 * 1024

/** What one source tells its owner. */
export interface SourceEvents {
  /** The peer wants to publish and is paused; answer with `accept` or `refuse`. */
  publish(connection: PublishConnection, request: PublishRequest): void
  /** We ended the connection for what the peer did or did not do. */
  cut(reason: CutReason): void
  hasRead(): void
  /** The sound of this publisher names its song. */
  titleOf(connection: PublishConnection, title: string): void
  /** Whoever has the key names the song; false when nothing of that key is on air for that channel. */
  titleBy(by: { key: string; mount: string }, title: string): boolean
  /** A decoder failed, in words for the log. */
  trouble(words: string): void
}

export interface SourceOptions {
  limits: IngestLimits
  events: SourceEvents
  start: StartProgram
}

/**
 * One peer of the Icecast port: one request, answered or, for a source that was let in, read until it ends. What it
 * sends goes to the sink in the form RTMP would bring it (FLV 10.1 annex E.4.2).
 */
export class SourceConnection implements PublishConnection {
  readonly #socket: Socket
  readonly #address: string
  readonly #limits: IngestLimits
  readonly #events: SourceEvents
  readonly #start: StartProgram
  #state: 'greeting' | 'asking' | 'publishing' | 'closed' = 'greeting'
  #received: Buffer = Buffer.alloc(0)
  #expectsContinue = false
  #body: BodyReader | undefined
  #codec: SourceCodec = 'mp3'
  #reader: SoundReader | undefined
  #sink: MediaSink | undefined
  #clock: FrameClock | undefined
  #poll: NodeJS.Timeout | undefined
  #deadline: NodeJS.Timeout

  constructor(socket: Socket, address: string, { limits, events, start }: SourceOptions) {
    this.#socket = socket
    this.#address = address
    this.#limits = limits
    this.#events = events
    this.#start = start
    this.#deadline = setTimeout(() => this.#cut('too-slow'), limits.publishWithinMs)
    socket.on('data', (bytes) => this.#onData(bytes))
    socket.on('timeout', () => {
      if (!socket.isPaused()) this.#cut('idle')
    })
    // The close that follows every error tells all there is to know.
    socket.on('error', () => undefined)
    socket.on('close', () => this.#onClose('dropped'))
  }

  get isOpen(): boolean {
    return this.#state !== 'closed'
  }

  accept(sink: MediaSink): void {
    if (this.#state !== 'asking') return
    this.#state = 'publishing'
    this.#sink = sink
    this.#socket.setTimeout(this.#limits.sourceIdleMs)
    this.#socket.write(this.#expectsContinue ? 'HTTP/1.1 100 Continue\r\n\r\n' : answerOf({ status: 200 }))
    // A decoder has to be started and to look at some seconds of sound first.
    const withinMs = this.#limits.keyFrameWithinMs * (this.#codec === 'adts' ? 1 : 3)
    const awaitSound = () => {
      if (!this.#clock) this.#restartDeadline(withinMs, () => sink.unreadable('sound that cannot be read'))
    }
    awaitSound()
    this.#reader = readerOf(this.#codec, {
      start: this.#start,
      onTitle: (title) => this.#events.titleOf(this, title),
      onTrouble: (words) => this.#events.trouble(words),
      // How long a busy machine takes to start it is not the source's fault.
      onRunning: awaitSound,
      sink: {
        config: (asc, sampleRateHz) => this.#onConfig(asc, sampleRateHz),
        frame: (accessUnit) => this.#onFrame(accessUnit),
        unsupported: (codec) => sink.unreadable(codec),
      },
    })
    const early = this.#received
    this.#received = Buffer.alloc(0)
    this.#socket.resume()
    this.#onBody(early)
  }

  refuse(description: string, isWrongKey = false): void {
    if (this.#state === 'closed') return
    this.#answer(isWrongKey ? { status: 401, words: description } : { status: 403, words: description })
  }

  close(_code: string, description: string): void {
    if (this.#state === 'closed') return
    this.#sink = undefined
    if (this.#state === 'asking' || this.#expectsContinue) this.#answer({ status: 403, words: description })
    else this.#leave()
  }

  #onData(bytes: Buffer): void {
    if (this.#state === 'publishing') {
      this.#onBody(bytes)
      this.#events.hasRead()
    } else if (this.#state === 'greeting') {
      this.#onGreeting(bytes)
    } else if (this.#state === 'asking') {
      this.#received = Buffer.concat([this.#received, bytes])
    }
  }

  #onGreeting(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes])
    const found = endOfHead(this.#received)
    if ((found?.end ?? this.#received.length) > maxHead) {
      this.#answer({ status: 431, words: 'The header is too long.' })
      this.#events.cut('bad-data')
      return
    }
    if (!found) return
    const head = readHead(this.#received.subarray(0, found.end))
    this.#received = this.#received.subarray(found.next)
    if (head) this.#onRequest(head)
    else {
      this.#answer({ status: 400, words: 'This is no request of an Icecast source.' })
      this.#events.cut('bad-data')
    }
  }

  #onRequest(head: RequestHead): void {
    const { method, path } = head
    if (method === 'SOURCE' || method === 'PUT') this.#onSource(head)
    else if (method === 'OPTIONS') this.#answer({ status: 204 })
    else if (method === 'GET' && path === '/admin/metadata') this.#onMetadata(head)
    else if (method === 'GET' && path === '/status-json.xsl') this.#answer({ status: 200, json: statusJson })
    else if (method === 'GET' && path === '/admin/stats') this.#answer({ status: 200, xml: statusXml })
    else this.#answer({ status: 404, words: 'Sources connect here. Listen on the web page.' })
  }

  #onSource(head: RequestHead): void {
    const asked = readSource(head)
    if ('status' in asked) {
      this.#answer(asked)
      return
    }
    const { mount, key, codec } = asked
    this.#codec = codec
    this.#expectsContinue = /100-continue/i.test(head.headers.get('expect') ?? '')
    this.#body = new BodyReader(head, (bytes) => this.#reader?.push(bytes))
    this.#state = 'asking'
    this.#socket.pause()
    this.#restartDeadline(this.#limits.answerWithinMs, () => this.#cut('too-slow'))
    const encoder = encoderOf(head)
    const request = { host: hostOf(head), app: 'live', key, query: queryOf(head), address: this.#address }
    this.#events.publish(this, { ...request, encoder, mount })
  }

  #onMetadata(head: RequestHead): void {
    const asked = readTitle(head)
    if ('status' in asked) this.#answer(asked)
    else if (this.#events.titleBy(asked.by, asked.title)) this.#answer({ status: 200, xml: metadataTaken })
    else this.#answer({ status: 403, words: 'Nothing is on air on this mount with this key.' })
  }

  #onBody(bytes: Buffer): void {
    if (this.#state !== 'publishing' || !this.#body) return
    try {
      this.#body.push(bytes)
    } catch {
      this.#cut('bad-data')
      return
    }
    if (this.#body.isEnded) this.#answer({ status: 200 }, 'unpublished')
    else this.#holdBack()
  }

  #onConfig(asc: Buffer, sampleRateHz: number): void {
    clearTimeout(this.#deadline)
    this.#clock = this.#clock ? this.#clock.at(sampleRateHz) : new FrameClock(sampleRateHz)
    this.#sink?.media(audioMessage, this.#clock.ms, Buffer.concat([configTag, asc]))
  }

  #onFrame(accessUnit: Buffer): void {
    if (!this.#clock || !this.#sink) return
    this.#sink.media(audioMessage, this.#clock.ms, Buffer.concat([frameTag, accessUnit]))
    this.#clock.next()
  }

  #holdBack(): void {
    if (this.#poll || !this.#isOver(this.#limits.pauseAboveBytes, mostAheadMs)) return
    this.#socket.pause()
    this.#poll = setInterval(() => {
      if (this.#sink && this.#isOver(this.#limits.resumeBelowBytes, mostAheadMs / 2)) return
      clearInterval(this.#poll)
      this.#poll = undefined
      if (this.#state === 'publishing') this.#socket.resume()
    }, 50)
  }

  #isOver(bytes: number, aheadMs: number): boolean {
    if ((this.#sink?.pendingBytes ?? 0) > bytes || (this.#reader?.pendingBytes ?? 0) > mostUndecoded)
      return true
    return (this.#clock?.aheadMs ?? 0) > aheadMs
  }

  #answer(answer: Answer, cause: Cause = 'dropped'): void {
    if (this.#socket.writable) this.#socket.write(answerOf(answer))
    this.#leave(cause)
  }

  #cut(reason: CutReason): void {
    this.#socket.destroy()
    if (!this.isOpen) return
    this.#events.cut(reason)
    this.#onClose('dropped')
  }

  /** Ends politely but soon: what the peer still sends is read and thrown away, or it would miss our words. */
  #leave(cause: Cause = 'dropped'): void {
    this.#onClose(cause)
    this.#restartDeadline(this.#limits.lingerMs, () => this.#socket.destroy())
    this.#socket.setTimeout(0)
    this.#socket.resume()
    this.#socket.end()
  }

  #onClose(cause: Cause): void {
    clearTimeout(this.#deadline)
    if (this.#state === 'closed') return
    clearInterval(this.#poll)
    this.#state = 'closed'
    this.#received = Buffer.alloc(0)
    if (!this.#sink) this.#reader?.stop()
    // What is being decoded was sent while the source was there.
    else this.#reader?.finish(() => this.#tellGone(cause))
  }

  #tellGone(cause: Cause): void {
    const sink = this.#sink
    this.#sink = undefined
    sink?.gone(cause)
  }

  #restartDeadline(afterMs: number, act: () => void): void {
    clearTimeout(this.#deadline)
    this.#deadline = setTimeout(act, afterMs)
  }
}

/** AAC, 44 kHz, 16 bit, stereo as FLV has it for every AAC; then settings or a frame. */
const configTag = Buffer.from([0xaf, 0])
const frameTag = Buffer.from([0xaf, 1])
const statusJson = '{"icestats":{"server_id":"Veza"}}'
const statusXml = '<?xml version="1.0"?><icestats><server_id>Veza</server_id></icestats>'
const metadataTaken =
  '<?xml version="1.0"?><iceresponse><message>Metadata update successful</message><return>1</return></iceresponse>'
