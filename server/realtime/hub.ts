import type { WebSocket } from 'ws'
import type { Account, Counter, Log, Metrics, Realtime } from '#sdk'
import { Connection, type Visitor } from './connection.ts'
import { processFanOut } from './fan-out/process.ts'
import type { FanOut } from './fan-out/types.ts'
import { exitRoom, type FrameContext, type Registration, takeFrame } from './frames.ts'
import { startHeartbeat } from './heartbeat.ts'
import { closeCodes, defaultLimits, type Limits } from './protocol.ts'
import { Rooms, roomKey } from './rooms.ts'
import { decodeSignal, encodeSignal, type Signal } from './signals.ts'
import { askAgain } from './stay.ts'

export interface HubOptions {
  log: Log
  /** Asked again at every heartbeat: null ends the session's connections, changed permissions empty its rooms. */
  authenticate?: (sessionId: string) => Promise<Account | null>
  /** False for addresses that were banned; asked again by `recheck`. */
  admits?: (address: string) => boolean
  limits?: Partial<Limits>
  fanOut?: FanOut
  metrics?: Metrics
  /** Wall clock in milliseconds. */
  now?: () => number
}

/** The WebSocket hub of one site in one process. */
export interface Hub {
  /** Takes over an upgraded socket whose origin and session were checked. */
  accept(socket: WebSocket, visitor: Visitor): void
  /** The `ctx.realtime` of one plugin. */
  realtimeFor(owner: string): Realtime
  /** Removes the channels of a disabled plugin; who was in their rooms is told `expelled`. */
  dropOwner(owner: string): void
  /** Ends the connections of a session, in every process (4001). */
  closeSession(sessionId: string): void
  /** Ends the connections of an account, in every process (4001). */
  closeAccount(accountId: string): void
  /** Looks at the connections of this process at once: addresses, sessions, and whether they may stay in their rooms. */
  recheck(): void
  /** Of this process. */
  readonly connectionCount: number
  readonly roomCount: number
  close(): Promise<void>
}

interface HubState extends FrameContext {
  connections: Set<Connection>
  fanOut: FanOut
  now: () => number
  messages: Counter | undefined
  dropped: Counter | undefined
}

/** Makes the hub of a site; see protocol.ts for what is spoken on the socket. */
export function createHub(options: HubOptions): Hub {
  const state: HubState = {
    log: options.log,
    limits: { ...defaultLimits, ...options.limits },
    now: options.now ?? Date.now,
    fanOut: options.fanOut ?? processFanOut(),
    channels: new Map<string, Registration>(),
    rooms: new Rooms(),
    connections: new Set(),
    messages: options.metrics?.counter('veza_realtime_messages_total', 'Frames by direction.', ['direction']),
    dropped: options.metrics?.counter('veza_realtime_dropped_total', 'Connections dropped.', ['reason']),
  }
  options.metrics?.gauge('veza_realtime_connections', 'Open connections.', () => state.connections.size)
  state.fanOut.subscribe((text) => {
    const signal = decodeSignal(text)
    if (signal) obey(state, signal)
  })
  const heartbeat = startHeartbeat({ ...state, authenticate: options.authenticate })
  const everywhere = (signal: Signal) => {
    obey(state, signal)
    state.fanOut.publish(encodeSignal(signal))
  }
  return {
    accept: (socket, visitor) => accept(state, socket, visitor),
    realtimeFor: (owner) => realtimeOf(state, owner, everywhere),
    dropOwner: (owner) => dropOwner(state, owner),
    closeSession: (sessionId) => everywhere({ kind: 'close-session', id: sessionId }),
    closeAccount: (accountId) => everywhere({ kind: 'close-account', id: accountId }),
    recheck: () => {
      for (const connection of state.connections)
        if (options.admits?.(connection.member.address) === false)
          connection.close(closeCodes.banned, 'banned')
      heartbeat.lookNow()
    },
    get connectionCount() {
      return state.connections.size
    },
    get roomCount() {
      return state.rooms.count
    },
    close: async () => {
      heartbeat.stop()
      for (const connection of state.connections) connection.close(1001, 'going-away')
      await state.fanOut.close()
    },
  }
}

function accept(state: HubState, socket: WebSocket, visitor: Visitor): void {
  const dropped = (reason: string) => state.dropped?.inc({ reason })
  const closed = () => {
    for (const room of connection.rooms) exitRoom(state, connection, room)
  }
  const connection = new Connection(socket, visitor, state.limits, { now: state.now, dropped, closed })
  state.connections.add(connection)
  const isAllowed = () => {
    if (connection.isClosed) return false
    if (connection.expiresAt <= state.now()) connection.close(closeCodes.signedOut, 'signed-out')
    else if (!connection.mayTakeFrame()) connection.drop(closeCodes.tooMany, 'too-many-frames')
    return !connection.isClosed
  }
  socket.on('message', (data, isBinary) => {
    if (!isAllowed()) return
    state.messages?.inc({ direction: 'in' })
    takeFrame(state, connection, isBinary ? null : data.toString())
  })
  socket.on('ping', isAllowed)
  socket.on('pong', () => {
    connection.missedPongs = 0
  })
  // ws closes the socket itself after these: 1009 for an oversized frame, 1002 for a broken one.
  socket.on('error', (error) => state.log.debug({ err: error }, 'A realtime connection broke.'))
  socket.on('close', () => {
    state.connections.delete(connection)
    connection.ended()
  })
}

function realtimeOf(state: HubState, owner: string, everywhere: (signal: Signal) => void): Realtime {
  return {
    channel: (channel, handler) => {
      if (state.channels.has(channel.name)) throw new Error(`Channel ${channel.name} is registered twice.`)
      const registration = { owner, channel, handler } as unknown as Registration
      state.channels.set(channel.name, registration)
    },
    publish: (channel, params, type, data) => {
      const frame = JSON.stringify({ op: 'message', channel: channel.name, params, type, data })
      everywhere({ kind: 'message', room: roomKey(channel.name, params), frame })
    },
    presence: (channel, params) => state.rooms.presence(roomKey(channel.name, params)),
    expel: (channel, params, accountId) =>
      everywhere({ kind: 'expel', room: roomKey(channel.name, params), id: accountId }),
    askAgain: (channel, { params, accountId: id }) =>
      everywhere({
        kind: 'ask-again',
        channel: channel.name,
        ...(params !== undefined && { room: roomKey(channel.name, params) }),
        ...(id !== undefined && { id }),
      }),
  }
}

/** Does in this process what was asked for in this or another one. */
function obey(state: HubState, signal: Signal): void {
  if (signal.kind === 'message') deliver(state, signal.room, signal.frame)
  else if (signal.kind === 'expel') expel(state, signal.room, signal.id)
  else if (signal.kind === 'ask-again') void askAll(state, signal)
  else signOut(state, signal)
}

function signOut(
  state: HubState,
  signal: Extract<Signal, { kind: 'close-session' | 'close-account' }>,
): void {
  for (const connection of state.connections) {
    const id = signal.kind === 'close-session' ? connection.sessionId : connection.member.account?.id
    if (id === signal.id) connection.close(closeCodes.signedOut, 'signed-out')
  }
}

function deliver(state: HubState, key: string, frame: string): void {
  const room = state.rooms.find(key)
  if (!room) return
  const bytes = Buffer.from(frame)
  for (const connection of room.connections) connection.sendBytes(bytes)
  state.messages?.inc({ direction: 'out' }, room.connections.size)
}

function expel(state: HubState, key: string, accountId: string): void {
  const room = state.rooms.find(key)
  if (!room) return
  for (const connection of room.connections) {
    if (connection.member.account?.id !== accountId) continue
    exitRoom(state, connection, room)
    connection.send({ op: 'expelled', channel: room.channel, params: room.params })
  }
}

/** One after the other: a crowd must not be a crowd of questions at once. */
async function askAll(state: HubState, signal: Extract<Signal, { kind: 'ask-again' }>): Promise<void> {
  for (const room of state.rooms.of(signal.channel)) {
    if (signal.room !== undefined && room.key !== signal.room) continue
    for (const connection of [...room.connections])
      if (signal.id === undefined || connection.member.account?.id === signal.id)
        await askAgain(state, connection, room)
  }
}

function dropOwner(state: HubState, owner: string): void {
  for (const registration of [...state.channels.values()]) {
    if (registration.owner !== owner) continue
    const channel = registration.channel.name
    // Removed first, so that a stopped plugin is not told who left.
    state.channels.delete(channel)
    for (const room of state.rooms.of(channel))
      for (const connection of [...room.connections]) {
        exitRoom(state, connection, room)
        connection.send({ op: 'expelled', channel, params: room.params })
      }
  }
}
