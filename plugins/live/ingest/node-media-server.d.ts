/** The parts of node-media-server's protocol class that the ingest child builds on. */
declare module 'node-media-server/src/protocol/rtmp.js' {
  export interface RtmpPacket {
    header: {
      fmt: number
      cid: number
      timestamp: number
      length: number
      type: number
      stream_id: number
    }
    /** Message time in milliseconds, already summed up from deltas. */
    clock: number
    payload: Buffer
    capacity: number
    /** Bytes of the message received so far. */
    bytes: number
  }

  export default class Rtmp {
    parserPacket: RtmpPacket
    inPackets: Map<number, RtmpPacket>
    inChunkSize: number
    outChunkSize: number
    objectEncoding: number
    /** 3 once both sides have greeted. */
    handshakeState: number
    flv: unknown
    onOutputCallback: (bytes: Buffer) => void
    parserData(bytes: Buffer): string | null
    chunkMessageHeaderRead(): number
    packetAlloc(): void
    controlHandler(): void
    eventHandler(): void
    invokeHandler(): void
    dataHandler(): void
    sendACK(bytes: number): void
    sendWindowACK(bytes: number): void
    setPeerBandwidth(bytes: number, type: number): void
    setChunkSize(bytes: number): void
    sendStreamStatus(event: number, value: number): void
    sendStatusMessage(streamId: number, level: string, code: string, description: string): void
    respondConnect(transactionId: number): void
    respondCreateStream(transactionId: number): void
  }
}

declare module 'node-media-server/src/core/logger.js' {
  const logger: { log: (message: string, level?: string) => void }
  export default logger
}
