import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Bytes that wait in one direction of a connection before its sender is held back, as buffers of real lines do. */
const mostWaiting = 256 * 1024
/** Pieces in which a narrow line passes bytes on. */
const pieceBytes = 4 * 1024

/** A bad line to a server of this machine; what is set holds for all that runs over it, from then on. */
export class ChaosProxy {
  readonly port: number
  /** How long each byte takes, each way. */
  delayMs = 0
  /** Each way, of each connection. */
  bytesPerSecond = Number.POSITIVE_INFINITY
  readonly #close: () => Promise<void>
  readonly #sockets = new Set<Socket>()
  readonly #pipes = new Set<Pipe>()
  #isStalled = false
  #isCut = false

  private constructor(port: number, close: () => Promise<void>) {
    this.port = port
    this.#close = close
  }

  static async to(serverPort: number): Promise<ChaosProxy> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const proxy = new ChaosProxy((server.address() as AddressInfo).port, async () => {
      server.close()
      await once(server, 'close')
    })
    server.on('connection', (near) => proxy.#carry(near, serverPort))
    return proxy
  }

  get isStalled(): boolean {
    return this.#isStalled
  }

  /** Everything stands still, new connections too, and nobody is told. */
  stall(): void {
    this.#isStalled = true
  }

  /** What stood still moves on. */
  flow(): void {
    this.#isStalled = false
    for (const pipe of this.#pipes) pipe.pump()
  }

  /** Breaks what runs over it, with what is on its way, and refuses what comes until `mend`. */
  cut(): void {
    this.#isCut = true
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  mend(): void {
    this.#isCut = false
  }

  async close(): Promise<void> {
    this.cut()
    await this.#close()
  }

  #carry(near: Socket, serverPort: number): void {
    if (this.#isCut) {
      near.resetAndDestroy()
      return
    }
    const far = connect(serverPort, '127.0.0.1')
    const ways = [new Pipe(this, near, far), new Pipe(this, far, near)]
    for (const socket of [near, far]) {
      socket.setNoDelay(true)
      this.#sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.once('close', () => this.#sockets.delete(socket))
    }
    for (const pipe of ways) this.#pipes.add(pipe)
    far.once('close', () => {
      for (const pipe of ways) this.#pipes.delete(pipe)
    })
  }
}

/** One direction of one connection: nothing is lost, and nothing overtakes. */
class Pipe {
  readonly #line: ChaosProxy
  readonly #from: Socket
  readonly #to: Socket
  #waiting: { bytes: Buffer; dueMs: number }[] = []
  #waitingBytes = 0
  #freeAtMs = 0
  #isEnded = false
  #timer: NodeJS.Timeout | undefined

  constructor(line: ChaosProxy, from: Socket, to: Socket) {
    this.#line = line
    this.#from = from
    this.#to = to
    from.on('data', (bytes) => this.#take(bytes))
    from.on('close', () => {
      this.#isEnded = true
      this.pump()
    })
    to.on('drain', () => this.pump())
    to.on('close', () => {
      this.#waiting = []
      this.#waitingBytes = 0
      from.resume()
    })
  }

  /** Passes on what is due. */
  pump(): void {
    clearTimeout(this.#timer)
    if (this.#to.destroyed || this.#line.isStalled) return
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      const waitMs = Math.max(first.dueMs, this.#freeAtMs) - performance.now()
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.pump(), waitMs)
        return
      }
      this.#waiting.shift()
      this.#waitingBytes -= first.bytes.length
      this.#freeAtMs = performance.now() + (first.bytes.length / this.#line.bytesPerSecond) * 1000
      if (!this.#to.write(first.bytes)) break
    }
    if (this.#waitingBytes < mostWaiting) this.#from.resume()
    if (this.#isEnded && this.#waiting.length === 0) this.#to.end()
  }

  #take(bytes: Buffer): void {
    if (this.#to.destroyed) return
    const dueMs = performance.now() + this.#line.delayMs
    const size = this.#line.bytesPerSecond === Number.POSITIVE_INFINITY ? bytes.length : pieceBytes
    for (let at = 0; at < bytes.length; at += size)
      this.#waiting.push({ bytes: bytes.subarray(at, at + size), dueMs })
    this.#waitingBytes += bytes.length
    if (this.#waitingBytes >= mostWaiting) this.#from.pause()
    this.pump()
  }
}
