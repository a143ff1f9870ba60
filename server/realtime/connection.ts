import type { WebSocket } from 'ws'
import { type Account, type Member, newId } from '#sdk'
import { closeCodes, type Limits, type ServerFrame } from './protocol.ts'
import type { Room } from './rooms.ts'
import { tokenBucket } from './token-bucket.ts'

/** Who is at the other end; found out by server/http before the socket is accepted. */
export interface Visitor {
  account: Account | null
  sessionId: string | null
  address: string
  /** When the session or token ends; the connection ends with it. */
  expiresAt?: Date
}

interface Hooks {
  now: () => number
  /** Closed for a fault of its own. */
  dropped: (reason: string) => void
  closed: () => void
}

/** How long a closing browser has to answer before its socket is destroyed, unsent bytes and all. */
const closeGraceMs = 2000

/** One browser: its socket, its rooms, and the limits that hold for it. */
export class Connection {
  readonly member: Member
  readonly rooms = new Set<Room>()
  readonly mayTakeFrame: () => boolean
  readonly sessionId: string | null
  readonly expiresAt: number
  /** Frames being handled, by room; the next of the same room waits for them. */
  readonly turns = new Map<string, Promise<void>>()
  pending = 0
  badFrames = 0
  missedPongs = 0
  isClosed = false
  readonly #socket: WebSocket
  readonly #maxBufferedBytes: number
  readonly #hooks: Hooks

  constructor(socket: WebSocket, visitor: Visitor, limits: Limits, hooks: Hooks) {
    this.#socket = socket
    this.#maxBufferedBytes = limits.maxBufferedBytes
    this.#hooks = hooks
    this.member = { connectionId: newId(), account: visitor.account, address: visitor.address }
    this.sessionId = visitor.sessionId
    this.expiresAt = visitor.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY
    this.mayTakeFrame = tokenBucket(limits.framesPerSecond, limits.frameBurst, hooks.now)
  }

  send(frame: ServerFrame): void {
    this.sendBytes(Buffer.from(JSON.stringify(frame)))
  }

  /** Sends an encoded frame, or drops a browser that leaves too much unread. */
  sendBytes(bytes: Buffer): void {
    if (this.isClosed) return
    if (this.#socket.bufferedAmount > this.#maxBufferedBytes) this.drop(closeCodes.tooSlow, 'too-slow')
    else this.#socket.send(bytes, { binary: false })
  }

  /** Closes for a fault of the other side, and counts it. */
  drop(code: number, reason: string): void {
    if (this.isClosed) return
    this.#hooks.dropped(reason)
    this.close(code, reason)
  }

  close(code: number, reason: string): void {
    if (this.isClosed) return
    this.ended()
    this.#socket.close(code, reason)
    // A browser that does not read never sees the close frame either.
    const timer = setTimeout(() => this.#socket.terminate(), closeGraceMs)
    timer.unref()
    this.#socket.once('close', () => clearTimeout(timer))
  }

  ping(): void {
    this.missedPongs += 1
    this.#socket.ping()
  }

  terminate(): void {
    this.ended()
    this.#socket.terminate()
  }

  /** From here on nothing is sent or heard; its rooms are left at once. */
  ended(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.#hooks.closed()
  }
}
