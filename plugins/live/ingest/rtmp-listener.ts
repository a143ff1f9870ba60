import { readFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { IngestLimits } from './limits.ts'
import { type ConnectionEvents, RtmpConnection } from './rtmp-connection.ts'

/** Where to listen; with a certificate it is RTMPS. */
export interface ListenAddress {
  host: string
  port: number
  certFile?: string
  keyFile?: string
}

/** Accepts RTMP and RTMPS peers and keeps them within the limits on connections. */
export class RtmpListener {
  private readonly limits: IngestLimits
  private readonly events: ConnectionEvents & { overCap(address: string): void }
  private readonly servers: Server[] = []
  private readonly sockets = new Set<Socket>()
  private readonly byAddress = new Map<string, number>()

  constructor(limits: IngestLimits, events: ConnectionEvents & { overCap(address: string): void }) {
    this.limits = limits
    this.events = events
  }

  /** Connections that are not fully closed yet. */
  get openConnections(): number {
    return this.sockets.size
  }

  /** Starts listening and gives the port; rejects with the system's error, EADDRINUSE for one. */
  async listen(address: ListenAddress): Promise<number> {
    const server = await this.createServer(address)
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

  /** Stops listening and destroys every connection. */
  async close(): Promise<void> {
    const closing = this.servers.map((server) => new Promise((resolve) => server.close(resolve)))
    for (const socket of this.sockets) socket.destroy()
    await Promise.all(closing)
  }

  private async createServer({ certFile, keyFile }: ListenAddress): Promise<Server> {
    const options = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 }
    if (!certFile || !keyFile) {
      return createServer(options, (socket) => {
        const address = this.admit(socket)
        if (address !== undefined) this.serve(socket, address)
      })
    }
    const [cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)])
    const handshakeTimeout = this.limits.publishWithinMs
    const server = createTlsServer({ ...options, cert, key, handshakeTimeout }, (socket) => {
      this.serve(socket, addressOf(socket))
    })
    // Counted before the handshake, which is the costly part of a connection.
    server.on('connection', (socket: Socket) => this.admit(socket))
    server.on('tlsClientError', (_error, socket) => socket.destroy())
    return server
  }

  private serve(socket: Socket, address: string): void {
    new RtmpConnection(socket, address, this.limits, this.events)
  }

  /** Counts the socket against its address; destroys it and gives undefined when there are too many. */
  private admit(socket: Socket): string | undefined {
    const address = addressOf(socket)
    const group = groupOf(address)
    const count = this.byAddress.get(group) ?? 0
    const isLoopback = group === '::1' || group.startsWith('127.')
    if (count >= (isLoopback ? this.limits.connectionsByLoopback : this.limits.connectionsByAddress)) {
      socket.destroy()
      this.events.overCap(address)
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
