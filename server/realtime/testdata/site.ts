import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket } from 'ws'
import { defineChannel, z } from '#contract'
import type { Account, Log, Metrics } from '#sdk'
import { somebody } from '../../../test/kit/account.ts'
import type { Visitor } from '../connection.ts'
import { createHub, type Hub, type HubOptions } from '../hub.ts'
import { createSocketServer } from '../sockets.ts'

export const room = defineChannel({
  name: 'chat.room',
  params: z.strictObject({ slug: z.string(), side: z.string().optional() }),
  messages: { said: z.strictObject({ text: z.string() }) },
  commands: { say: z.strictObject({ text: z.string().max(50_000) }), wait: z.strictObject({}) },
})
const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

export type Frame = Record<string, unknown> & { op: string }
export interface Client {
  socket: WebSocket
  ask(frame: object): void
  /** The next frame that was not looked at yet. */
  next(): Promise<Frame>
  /** With which code; rejects when it stays open. */
  closed(): Promise<number>
}
export interface Site {
  hub: Hub
  who: Visitor
  counts: Map<string, number>
  connect(): Promise<Client>
  close(): Promise<void>
}

export const person = (id: string, ...permissions: string[]): Account =>
  somebody(id, { permissions: new Set(permissions) })

function countingMetrics(counts: Map<string, number>): Metrics {
  return {
    counter: (name) => ({
      inc: (labels, by = 1) => {
        const key = [name, ...Object.values(labels ?? {})].join(' ')
        counts.set(key, (counts.get(key) ?? 0) + by)
      },
    }),
    gauge: () => {},
  }
}

export async function openSite(options: Partial<HubOptions> = {}): Promise<Site> {
  const counts = new Map<string, number>()
  const hub = createHub({ log, metrics: countingMetrics(counts), ...options })
  const sockets = createSocketServer()
  const server: Server = createServer()
  const site: Site = {
    hub,
    counts,
    who: { account: null, sessionId: null, address: '127.0.0.1' },
    connect: () => connect(server),
    close: async () => {
      await hub.close()
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
  server.on('upgrade', (req, socket, head) => {
    sockets.handleUpgrade(req, socket, head, (ws) => hub.accept(ws, site.who))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return site
}

async function connect(server: Server): Promise<Client> {
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  const frames: Frame[] = []
  const waiting: ((frame: Frame) => void)[] = []
  socket.on('message', (data) => {
    const frame = JSON.parse(data.toString()) as Frame
    const taker = waiting.shift()
    if (taker) taker(frame)
    else frames.push(frame)
  })
  socket.on('error', () => {})
  const closed = new Promise<number>((done) => socket.on('close', (code) => done(code)))
  closed.then(() => {
    for (const taker of waiting.splice(0)) taker({ op: 'closed' })
  })
  await new Promise((done) => socket.once('open', done))
  return {
    socket,
    closed: () => inTime(closed),
    ask: (frame) => socket.send(JSON.stringify(frame)),
    next: async () => frames.shift() ?? inTime(new Promise<Frame>((taker) => waiting.push(taker))),
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_done, failed) => {
    timer = setTimeout(() => failed(new Error('It never came.')), 20_000)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

export const joinFrame = (slug = 'a') => ({ op: 'join', id: 1, channel: 'chat.room', params: { slug } })
export const anybody = { canJoin: () => true }

export async function until(isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + 40_000
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error(`It never came to this: ${isTrue}`)
    await new Promise((done) => setTimeout(done, 5))
  }
}
