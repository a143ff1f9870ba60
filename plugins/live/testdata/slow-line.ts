import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** Handshake and commands of a publish are shorter; what is longer is media. */
const mediaAfterBytes = 6_000

/**
 * A line between a publisher and the server on which the first media waits, and each later piece for another short
 * while. Nothing is lost and nothing overtakes; the way back is free.
 */
export class SlowLine {
  readonly port: number
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(server: Server) {
    this.#server = server
    this.port = (server.address() as AddressInfo).port
  }

  static async to(port: number, waits: { firstMs: number; jitterMs: number }): Promise<SlowLine> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const line = new SlowLine(server)
    server.on('connection', (near) => line.#carry(near, connect(port, '127.0.0.1'), waits))
    return line
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #carry(near: Socket, far: Socket, waits: { firstMs: number; jitterMs: number }): void {
    for (const socket of [near, far]) {
      this.#sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
    }
    far.on('data', (bytes) => near.write(bytes))
    far.on('close', () => near.destroy())
    let total = 0
    let freeAt = 0
    let queue: Promise<unknown> = Promise.resolve()
    const later = (atMs: number, work: () => void) => {
      queue = queue.then(() => delay(Math.max(0, atMs - Date.now()))).then(work)
    }
    near.on('data', (bytes) => {
      const now = Date.now()
      if (total <= mediaAfterBytes && total + bytes.length > mediaAfterBytes) freeAt = now + waits.firstMs
      else if (total > mediaAfterBytes) freeAt = Math.max(freeAt, now + Math.random() * waits.jitterMs)
      total += bytes.length
      later(freeAt, () => far.write(bytes))
    })
    near.on('close', () => later(freeAt, () => far.end()))
  }
}
