import { type Signal, signal } from '@preact/signals'
import type { ProblemBody } from '#contract'
import { offlineProblem, ProblemError } from './problem-error.ts'

export type ChannelState = 'joining' | 'joined' | 'refused' | 'offline'
/** One room on the shared socket, used by any number of components. */
export interface Subscription {
  readonly channel: string
  readonly params: unknown
  readonly state: Signal<{ state: ChannelState; problem: ProblemError | null }>
  readonly listeners: Set<Listener>
  joinId: number
  hasJoined: boolean
}
export interface Listener {
  message(type: string, data: unknown): void
  joined(isAgain: boolean): void
}
type Frame =
  | { op: 'joined'; id: number | string }
  | { op: 'done'; id: number | string; result?: unknown }
  | { op: 'refused'; id: number | string; problem: ProblemBody }
  | { op: 'message'; channel: string; params: unknown; type: string; data: unknown }
  | { op: 'expelled'; channel: string; params: unknown }
  | { op: 'pong' }

/** The code of the server's last word where the session has ended. */
const SIGNED_OUT = 4001
const PING_MS = 25_000
const IDLE_MS = 5_000
const rooms = new Map<string, Subscription>()
const asked = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
let socket: WebSocket | null = null
let nextId = 1
let failures = 0
let heardAt = 0
let retry: ReturnType<typeof setTimeout> | null = null
let ping: ReturnType<typeof setInterval> | null = null

let sessionEnded = () => {}
/** Tells when the server closed the socket because its session has ended, here or elsewhere. */
export function whenSessionEnds(listener: () => void): void {
  sessionEnded = listener
}

/** Wait before try number `tries`: doubles from 0.5 s to 30 s, half of it by chance, so that not all come at once. */
export function backoffMs(tries: number, chance = Math.random()): number {
  return Math.min(30_000, 500 * 2 ** Math.min(tries, 10)) * (0.5 + chance / 2)
}

/** Same room, same key: object keys are sorted. */
export function roomKey(channel: string, params: unknown): string {
  const entries = Object.entries((params ?? {}) as Record<string, unknown>)
  return `${channel} ${JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)))}`
}

function write(frame: Record<string, unknown>): boolean {
  if (socket?.readyState !== WebSocket.OPEN) return false
  socket.send(JSON.stringify(frame))
  return true
}

function join(room: Subscription): void {
  room.joinId = nextId++
  room.state.value = { state: 'joining', problem: null }
  write({ op: 'join', id: room.joinId, channel: room.channel, params: room.params })
}

function connect(): void {
  if (socket || rooms.size === 0) return
  if (retry) clearTimeout(retry)
  retry = null
  const opened = new WebSocket(new URL('/api/v1/realtime', location.href.replace(/^http/, 'ws')))
  socket = opened
  opened.onopen = () => {
    heardAt = Date.now()
    for (const room of rooms.values()) join(room)
    ping = setInterval(beat, PING_MS)
  }
  opened.onmessage = (event) => {
    heardAt = Date.now()
    failures = 0
    receive(JSON.parse(String(event.data)) as Frame)
  }
  opened.onclose = ({ code }) => {
    if (socket !== opened) return
    lost()
    if (code === SIGNED_OUT) sessionEnded()
  }
}

/** A socket can die without closing (a laptop asleep): two silent beats and it is given up. */
function beat(): void {
  if (Date.now() - heardAt > 2 * PING_MS + 1000) {
    const dead = socket
    lost()
    dead?.close()
    return
  }
  write({ op: 'ping' })
}

function lost(): void {
  socket = null
  if (ping) clearInterval(ping)
  ping = null
  for (const { reject } of asked.values()) reject(offlineProblem('/api/v1/realtime'))
  asked.clear()
  for (const room of rooms.values()) {
    room.state.value = { state: 'offline', problem: offlineProblem('/api/v1/realtime') }
  }
  if (rooms.size === 0) return
  retry = setTimeout(connect, backoffMs(failures))
  failures += 1
}

function receive(frame: Frame): void {
  if (frame.op === 'message' || frame.op === 'expelled') {
    const room = rooms.get(roomKey(frame.channel, frame.params))
    if (!room) return
    if (frame.op === 'message')
      for (const listener of [...room.listeners]) listener.message(frame.type, frame.data)
    else refuse(room, new ProblemError(expelled))
    return
  }
  if (frame.op === 'pong') return
  answered(frame)
}

const expelled: ProblemBody = {
  type: 'urn:veza:problem:not-allowed',
  title: 'You were taken out of this room.',
  status: 403,
  instance: '/api/v1/realtime',
}

function answered(frame: Exclude<Frame, { op: 'message' | 'expelled' | 'pong' }>): void {
  const id = Number(frame.id)
  const waiting = asked.get(id)
  if (waiting) {
    asked.delete(id)
    if (frame.op === 'refused') waiting.reject(new ProblemError(frame.problem))
    else waiting.resolve(frame.op === 'done' ? frame.result : undefined)
    return
  }
  const room = [...rooms.values()].find(({ joinId }) => joinId === id)
  if (!room) return
  if (frame.op === 'refused') {
    refuse(room, new ProblemError(frame.problem))
    return
  }
  const isAgain = room.hasJoined
  room.hasJoined = true
  room.state.value = { state: 'joined', problem: null }
  for (const listener of [...room.listeners]) listener.joined(isAgain)
}

function refuse(room: Subscription, problem: ProblemError): void {
  room.state.value = { state: 'refused', problem }
}

/** Enters a room (or shares it with those already in); the returned function leaves it. */
export function enter(channel: string, params: unknown, listener: Listener): [Subscription, () => void] {
  const key = roomKey(channel, params)
  const known = rooms.get(key)
  const room: Subscription = known ?? {
    channel,
    params,
    state: signal({ state: 'joining', problem: null }),
    listeners: new Set(),
    joinId: 0,
    hasJoined: false,
  }
  room.listeners.add(listener)
  rooms.set(key, room)
  if (!known && socket?.readyState === WebSocket.OPEN) join(room)
  if (!socket && !retry) connect()
  return [room, () => leave(key, room, listener)]
}

function leave(key: string, room: Subscription, listener: Listener): void {
  room.listeners.delete(listener)
  if (room.listeners.size > 0 || rooms.get(key) !== room) return
  rooms.delete(key)
  write({ op: 'leave', channel: room.channel, params: room.params })
  setTimeout(() => {
    if (rooms.size === 0) socket?.close()
  }, IDLE_MS)
}

/** Sends a command into a room; answers the handler's result. Offline it fails at once, so that the text is kept. */
export function sendTo(room: Subscription, type: string, data: unknown): Promise<unknown> {
  const id = nextId++
  return new Promise((resolve, reject) => {
    const { channel, params } = room
    const isSent =
      room.state.peek().state === 'joined' && write({ op: 'send', id, channel, params, type, data })
    if (isSent) asked.set(id, { resolve, reject })
    else reject(offlineProblem('/api/v1/realtime'))
  })
}

/** Another account: the socket carries the session of its opening, so it is opened anew. */
export function reconnect(): void {
  if (typeof WebSocket === 'undefined' || !socket) return
  const old = socket
  failures = 0
  lost()
  old.close()
  if (retry) clearTimeout(retry)
  retry = null
  connect()
}

if (typeof window !== 'undefined') {
  addEventListener('online', () => {
    if (!socket) connect()
  })
}
