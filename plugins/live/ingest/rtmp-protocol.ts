import logger from 'node-media-server/src/core/logger.js'
import Rtmp from 'node-media-server/src/protocol/rtmp.js'
import { takeFrame } from '../media/frame-memory.ts'
import { type AmfObject, type AmfValue, asAmfObject, decodeAmf0 } from './amf.ts'

// The class prints unknown commands to stdout, where a key could end up in somebody's log.
logger.log = () => undefined

const messageType = { chunkSize: 1, abort: 2, windowSize: 5, amf3Command: 17 }
const mediaTypes = new Set([8, 9])
const pingRequest = 6
const pingResponse = 7
const windowBytes = 5_000_000
const smallestWindowBytes = 64 * 1024
const dynamicLimitBandwidth = 2
const empty = Buffer.alloc(0)

/** Thrown out of `parserData` for bytes that break the protocol or our limits; the connection is then over. */
export class ProtocolError extends Error {
  override name = 'ProtocolError'
}

/** A command message: `publish` with its arguments behind the command object. */
export interface RtmpCommand {
  name: string
  transactionId: number
  object: AmfObject | undefined
  args: AmfValue[]
  streamId: number
}

/** Where the protocol delivers; calls come synchronously out of `parserData`. */
export interface RtmpHandlers {
  output(bytes: Buffer): void
  command(command: RtmpCommand): void
  /** An audio (8), video (9) or data (15, 18) message. The payload is the receiver's to keep. */
  message(type: number, timestamp: number, payload: Buffer): void
}

/**
 * node-media-server's handshake and chunk parser with limits in front: every message gets a buffer of its own
 * (the parser would reuse it), sizes and counts are checked before memory is taken, and commands are read by
 * our bounded AMF0 decoder and answered by the connection instead of at once.
 */
export class RtmpProtocol extends Rtmp {
  private maxMessageBytes: number
  private isMediaWelcome = false
  /** After this many received bytes the peer wants an Acknowledgement. */
  peerWindowBytes = windowBytes / 2
  private readonly handlers: RtmpHandlers
  private readonly maxChunkStreams: number

  constructor(handlers: RtmpHandlers, maxMessageBytes: number, maxChunkStreams: number) {
    super()
    this.handlers = handlers
    this.maxMessageBytes = maxMessageBytes
    this.maxChunkStreams = maxChunkStreams
    this.onOutputCallback = (bytes) => handlers.output(bytes)
    // Its FLV file parser holds 1 MB and is only needed for files.
    this.flv = undefined
  }

  /** For the side that connects, which shakes hands by itself: what is read from now on is chunks. */
  skipHandshake(): void {
    this.handshakeState = 3
  }

  /** The peer may publish from now on, in messages that are larger. */
  welcomeMedia(maxMessageBytes: number): void {
    this.maxMessageBytes = maxMessageBytes
    this.isMediaWelcome = true
  }

  /** Answers `connect`. */
  acceptConnect(transactionId: number, objectEncoding: AmfValue): void {
    this.objectEncoding = objectEncoding === 3 ? 3 : 0
    this.sendWindowACK(windowBytes)
    this.setPeerBandwidth(windowBytes, dynamicLimitBandwidth)
    this.setChunkSize(this.outChunkSize)
    this.respondConnect(transactionId)
  }

  /** Sends `onStatus`; the class counts characters as bytes, so the text is made plain ASCII first. */
  status(streamId: number, level: 'status' | 'error', code: string, description: string): void {
    const plain = description.normalize('NFKD').replace(/[^\x20-\x7e]/g, '')
    this.sendStatusMessage(streamId, level, code, plain.slice(0, 300))
  }

  override chunkMessageHeaderRead(): number {
    const { header, bytes } = this.parserPacket
    const lengthBefore = header.length
    const offset = super.chunkMessageHeaderRead()
    if (bytes > 0 && header.length !== lengthBefore) {
      throw new ProtocolError('A message changed its length half-way')
    }
    return offset
  }

  override packetAlloc(): void {
    const packet = this.parserPacket
    const { length } = packet.header
    if (length > this.maxMessageBytes) throw new ProtocolError('Message too large')
    if (this.inPackets.size > this.maxChunkStreams) throw new ProtocolError('Too many chunk streams')
    // The parser adds deltas without end and passes over messages whose clock is past 32 bits.
    if (packet.clock > 0xffffffff) packet.clock -= 2 ** 32
    const isFrame = this.isMediaWelcome && mediaTypes.has(packet.header.type)
    packet.payload = isFrame ? takeFrame(length) : Buffer.allocUnsafe(length)
    packet.capacity = length
  }

  override controlHandler(): void {
    const { type } = this.parserPacket.header
    const payload = this.takePayload()
    if (payload.length < 4) throw new ProtocolError('Control message cut short')
    const value = payload.readUInt32BE()
    if (type === messageType.chunkSize) {
      if (value < 1 || value > 0x7fffffff) throw new ProtocolError('Impossible chunk size')
      this.inChunkSize = value
    } else if (type === messageType.windowSize) {
      this.peerWindowBytes = Math.max(value, smallestWindowBytes)
    } else if (type === messageType.abort) {
      const aborted = this.inPackets.get(value)
      if (aborted) aborted.bytes = 0
    }
  }

  override eventHandler(): void {
    const payload = this.takePayload()
    if (payload.length < 6 || payload.readUInt16BE() !== pingRequest) return
    this.sendStreamStatus(pingResponse, payload.readUInt32BE(2))
  }

  override invokeHandler(): void {
    const { type, stream_id: streamId } = this.parserPacket.header
    const payload = this.takePayload()
    const values = decodeAmf0(type === messageType.amf3Command ? payload.subarray(1) : payload)
    const [name, transactionId, object, ...args] = values
    if (typeof name !== 'string') throw new ProtocolError('Command without a name')
    this.handlers.command({
      name,
      transactionId: typeof transactionId === 'number' ? transactionId : 0,
      object: asAmfObject(object),
      args,
      streamId,
    })
  }

  override dataHandler(): void {
    const { clock, header } = this.parserPacket
    this.handlers.message(header.type, clock, this.takePayload())
  }

  private takePayload(): Buffer {
    const { payload } = this.parserPacket
    this.parserPacket.payload = empty
    this.parserPacket.capacity = 0
    return payload
  }
}
