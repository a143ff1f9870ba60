import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { Server as TlsServer } from 'node:tls'
import type { Pair } from './certificate.ts'
import type { IngestLimits } from './limits.ts'
import { readInPlace } from './read-in-place.ts'

/** Where to listen; with a certificate it is TLS. */
export interface ListenAddress {
  host: string
  port: number
  pair?: Pair
  /** Who serves it keeps nothing of the bytes that come, once their `data` event is over. */
  isReadInPlace?: true
}

/** Takes a connection that was let in. */
export type Serve = (socket: Socket, address: string) => void

/** Accepts publishers on any number of ports and keeps them all together within the limits on connections. */
export class Listener {
  private readonly limits: IngestLimits
  private readonly overCap: () => void
  private readonly servers: Server[] = []
  private tlsServer: TlsServer | undefined
  private readonly sockets = new Set<Socket>()
  private readonly byAddress = new Map<string, number>()

  /** `overCap` is told of each connection that was one too many. */
  constructor(limits: IngestLimits, overCap: () => void) {
    this.limits = limits
    this.overCap = overCap
  }

  /** Connections that are not fully closed yet. */
  get openConnections(): number {
    return this.sockets.size
  }

  /** Starts listening and gives the port; rejects with the system's error, EADDRINUSE for one. */
  async listen(address: ListenAddress, serve: Serve): Promise<number> {
    const server = await this.createServer(address, serve)
    server.maxConnections = this.limits.connections
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(address.port, address.host, () => {
        server.off('error', reject)
        resolve()
      })
    })
    // A failing accept (too many open files) must not end the process.
    server.on('error', () => undefined)
    this.servers.push(server)
    return (server.address() as AddressInfo).port
  }

  /** Who connects by TLS from now on is shown this certificate; nobody is cut off. */
  renew({ cert, key }: Pair): void {
    this.tlsServer?.setSecureContext({ cert, key })
  }

  /** Stops listening and destroys every connection. */
  async close(): Promise<void> {
    const closing = this.servers.map((server) => new Promise((resolve) => server.close(resolve)))
    for (const socket of this.sockets) socket.destroy()
    await Promise.all(closing)
  }

  private async createServer({ pair, isReadInPlace }: ListenAddress, serve: Serve): Promise<Server> {
    const options = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 }
    if (!pair) {
      return createServer({ ...options, pauseOnConnect: true }, (taken) => {
        const socket = isReadInPlace ? readInPlace(taken) : taken
        const address = this.admit(socket)
        if (address !== undefined) serve(socket, address)
        socket.resume()
      })
    }
    // Where it is used: most labels have a proxy for it, or none.
    const { createServer: createTlsServer } = await import('node:tls')
    const handshakeTimeout = this.limits.publishWithinMs
    const server = createTlsServer(
      { ...options, cert: pair.cert, key: pair.key, handshakeTimeout },
      (socket) => {
        serve(socket, addressOf(socket))
      },
    )
    // Counted before the handshake, which is the costly part of a connection.
    server.on('connection', (socket: Socket) => this.admit(socket))
    server.on('tlsClientError', (_error, socket) => socket.destroy())
    this.tlsServer = server
    return server
  }

  /** Counts the socket against its address; destroys it and gives undefined when there are too many. */
  private admit(socket: Socket): string | undefined {
    const address = addressOf(socket)
    const group = groupOf(address)
    const count = this.byAddress.get(group) ?? 0
    const isLoopback = group === '::1' || group.startsWith('127.')
    if (count >= (isLoopback ? this.limits.connectionsByLoopback : this.limits.connectionsByAddress)) {
      socket.destroy()
      this.overCap()
      return undefined
    }
    this.byAddress.set(group, count + 1)
    this.sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => this.release(socket, group))
    return address
  }

  private release(socket: Socket, group: string): void {
    this.sockets.delete(socket)
    const left = (this.byAddress.get(group) ?? 1) - 1
    if (left > 0) this.byAddress.set(group, left)
    else this.byAddress.delete(group)
  }
}

function addressOf(socket: Socket): string {
  return (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '')
}

/** One customer's IPv6 network is one address to us, or the cap would mean nothing. */
function groupOf(address: string): string {
  if (!address.includes(':') || address === '::1') return address
  const [head = '', tail] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail ? tail.split(':') : []
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0')
  return [...left, ...zeros, ...right].slice(0, 4).join(':')
}
