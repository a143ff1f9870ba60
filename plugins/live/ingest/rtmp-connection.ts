import type { Socket } from 'node:net'
import { type AmfObject, type AmfValue, asAmfObject, decodeAmf0 } from './amf.ts'
import type { IngestLimits } from './limits.ts'
import { type PublishRequest, readPublishRequest } from './publish-request.ts'
import { ProtocolError, type RtmpCommand, RtmpProtocol } from './rtmp-protocol.ts'

const rtmpVersion = 3
const amf3Data = 15
const amf0Data = 18
const leavingCommands = new Set(['FCUnpublish', 'deleteStream', 'closeStream'])

/** Why a connection was cut by us; counted, not logged one by one. */
export type CutReason = 'bad-data' | 'too-slow' | 'idle' | 'not-reading'

/** What one connection tells its owner. */
export interface ConnectionEvents {
  /** The peer wants to publish and is paused; answer with `accept` or `refuse`. */
  publish(connection: RtmpConnection, request: PublishRequest): void
  /** We ended the connection for what the peer did or did not do. */
  cut(reason: CutReason): void
  /** Bytes of a publisher were read. */
  hasRead(): void
}

/** What an accepted publisher's messages go to. A throw cuts the connection. */
export interface MediaSink {
  /** Type 8 is audio, 9 is video; the payload is the sink's to keep or to give back (frame-memory.ts). */
  media(type: number, timestamp: number, payload: Buffer): void
  metadata(values: AmfObject): void
  /** An `onFI` message: the time of day at this timestamp, in the encoder's words. */
  timeCode(values: AmfObject, timestamp: number): void
  /** What comes cannot be played, and why in the DJ's words. */
  unreadable(codec: string): void
  /** Called once: the publisher said goodbye, or its connection went away. */
  gone(cause: 'dropped' | 'unpublished'): void
  readonly pendingBytes: number
}

/**
 * One RTMP peer on a plain or TLS socket: deadlines, limits and acknowledgements around the protocol class.
 * Publishing only starts after `accept`; until then the socket is paused and nothing was promised.
 */
export class RtmpConnection {
  readonly address: string
  private readonly socket: Socket
  private readonly limits: IngestLimits
  private readonly events: ConnectionEvents
  private readonly protocol: RtmpProtocol
  private state: 'greeting' | 'asking' | 'publishing' | 'closed' = 'greeting'
  private sink: MediaSink | undefined
  private connectObject: AmfObject = {}
  private streamId = 1
  private bytesIn = 0
  private bytesAcknowledged = 0
  private isHeldBack = false
  private deadline: NodeJS.Timeout

  constructor(socket: Socket, address: string, limits: IngestLimits, events: ConnectionEvents) {
    this.socket = socket
    this.address = address
    this.limits = limits
    this.events = events
    this.protocol = new RtmpProtocol(
      {
        output: (bytes) => this.send(bytes),
        command: (command) => this.onCommand(command),
        message: (type, timestamp, payload) => this.onMessage(type, timestamp, payload),
      },
      limits.messageBytesBefore,
      limits.chunkStreams,
    )
    this.deadline = setTimeout(() => this.cut('too-slow'), limits.publishWithinMs)
    socket.on('data', (bytes) => this.onData(bytes))
    socket.on('timeout', () => {
      if (!socket.isPaused()) this.cut('idle')
    })
    // The close that follows every error tells all there is to know.
    socket.on('error', () => undefined)
    socket.on('close', () => this.onClose())
  }

  get isOpen(): boolean {
    return this.state !== 'closed'
  }

  /** Starts the publish: tells the encoder so and lets its media flow into `sink`. */
  accept(sink: MediaSink): void {
    if (this.state !== 'asking') return
    clearTimeout(this.deadline)
    this.state = 'publishing'
    this.sink = sink
    this.protocol.welcomeMedia(this.limits.messageBytesAfter)
    this.socket.setTimeout(this.limits.idleMs)
    this.protocol.status(this.streamId, 'status', 'NetStream.Publish.Start', 'Publishing.')
    this.socket.resume()
  }

  /** Turns the publish down in words; encoders show them, and OBS stops instead of trying again. */
  refuse(description: string): void {
    this.close('NetStream.Publish.BadName', description)
  }

  /** Ends the connection from our side. The sink hears nothing more, not even that it is gone. */
  close(code: string, description: string): void {
    if (this.state === 'closed') return
    this.protocol.status(this.streamId, 'error', code, description)
    this.sink = undefined
    this.leave()
  }

  private onData(bytes: Buffer): void {
    if (this.state === 'closed') return
    if (this.bytesIn === 0 && bytes[0] !== rtmpVersion) {
      this.cut('bad-data')
      return
    }
    this.bytesIn += bytes.length
    const isTalking = this.state !== 'publishing'
    if (isTalking) this.socket.cork()
    try {
      this.protocol.parserData(bytes)
    } catch {
      if (this.isOpen) this.cut('bad-data')
    }
    if (isTalking) this.socket.uncork()
    else this.events.hasRead()
    this.acknowledge()
    this.holdBack()
  }

  private onCommand(command: RtmpCommand): void {
    if (this.state === 'closed') return
    if (command.name === 'connect') {
      this.connectObject = command.object ?? {}
      this.protocol.acceptConnect(command.transactionId, this.connectObject.objectEncoding)
    } else if (command.name === 'createStream') {
      this.protocol.respondCreateStream(command.transactionId)
    } else if (command.name === 'publish') {
      this.onPublish(command)
    } else if (command.name === 'play' || command.name === 'play2') {
      this.close('NetStream.Play.Failed', 'This address takes streams only. Watch on the web page.')
    } else if (leavingCommands.has(command.name) && this.state === 'publishing') {
      this.protocol.status(this.streamId, 'status', 'NetStream.Unpublish.Success', 'Stopped publishing.')
      this.tellGone('unpublished')
      this.leave()
    }
  }

  private onPublish(command: RtmpCommand): void {
    if (this.state !== 'greeting') throw new ProtocolError('Second publish on one connection')
    const request = readPublishRequest(this.connectObject, command.args[0], this.address)
    this.streamId = command.streamId
    this.state = 'asking'
    this.socket.pause()
    this.restartDeadline(this.limits.answerWithinMs, () => this.cut('too-slow'))
    this.events.publish(this, request)
  }

  private onMessage(type: number, timestamp: number, payload: Buffer): void {
    if (this.state === 'closed') return
    if (this.state !== 'publishing') throw new ProtocolError('Media before the publish was accepted')
    if (type === amf0Data || type === amf3Data) {
      this.onMetadata(type === amf3Data ? payload.subarray(1) : payload, timestamp)
    } else {
      this.sink?.media(type, timestamp, payload)
    }
  }

  private onMetadata(payload: Buffer, timestamp: number): void {
    const values = decodeUnlessOdd(payload)
    const metadata = asAmfObject(values.at(-1))
    if (values.includes('onMetaData') && metadata) this.sink?.metadata(metadata)
    if (values.includes('onFI') && metadata) this.sink?.timeCode(metadata, timestamp)
  }

  private acknowledge(): void {
    if (this.bytesIn - this.bytesAcknowledged < this.protocol.peerWindowBytes) return
    this.bytesAcknowledged = this.bytesIn
    this.protocol.sendACK(this.bytesIn % 2 ** 32)
  }

  private holdBack(): void {
    if (this.isHeldBack || !this.sink || this.sink.pendingBytes <= this.limits.pauseAboveBytes) return
    this.isHeldBack = true
    this.socket.pause()
    const poll = setInterval(() => {
      if (this.sink && this.sink.pendingBytes >= this.limits.resumeBelowBytes) return
      clearInterval(poll)
      this.isHeldBack = false
      if (this.state === 'publishing') this.socket.resume()
    }, 50)
  }

  private send(bytes: Buffer): void {
    if (!this.socket.writable) return
    this.socket.write(bytes)
    if (this.socket.writableLength > this.limits.unsentBytes) this.cut('not-reading')
  }

  private cut(reason: CutReason): void {
    this.socket.destroy()
    if (!this.isOpen) return
    this.events.cut(reason)
    this.onClose()
  }

  /** Ends politely but soon: what the peer still sends is read and thrown away, or it would miss our words. */
  private leave(): void {
    this.state = 'closed'
    this.restartDeadline(this.limits.lingerMs, () => this.socket.destroy())
    this.socket.setTimeout(0)
    this.socket.resume()
    this.socket.end()
  }

  private onClose(): void {
    clearTimeout(this.deadline)
    this.state = 'closed'
    this.tellGone('dropped')
  }

  private tellGone(cause: 'dropped' | 'unpublished'): void {
    const sink = this.sink
    this.sink = undefined
    sink?.gone(cause)
  }

  private restartDeadline(afterMs: number, act: () => void): void {
    clearTimeout(this.deadline)
    this.deadline = setTimeout(act, afterMs)
  }
}

/** Metadata only decorates: an encoder that writes it oddly may still stream. */
function decodeUnlessOdd(payload: Buffer): AmfValue[] {
  try {
    return decodeAmf0(payload)
  } catch {
    return []
  }
}
