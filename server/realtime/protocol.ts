import { type ProblemBody, z } from '#contract'

/**
 * The WebSocket protocol: JSON text frames, one object each.
 *
 * From the browser: `join` and `leave` a room (a channel plus its params), `send` a command into a joined room,
 * `ping`. From the server: `joined`, `done` (a command's result), `refused` (with the problem), `message` (somebody
 * published in a joined room), `expelled` (put out of a room: a ban, or its plugin was disabled), `pong`.
 * `id` is chosen by the browser and comes back in the answer. Frames of one room are handled in order.
 */
const FrameId = z.union([z.string().min(1).max(64), z.int()])
const ChannelName = z.string().min(1).max(100)
export const ClientFrame = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('join'),
    id: FrameId,
    channel: ChannelName,
    params: z.unknown(),
  }),
  z.strictObject({ op: z.literal('leave'), channel: ChannelName, params: z.unknown() }),
  z.strictObject({
    op: z.literal('send'),
    id: FrameId,
    channel: ChannelName,
    params: z.unknown(),
    type: z.string().min(1).max(100),
    data: z.unknown(),
  }),
  z.strictObject({ op: z.literal('ping') }),
])
export type ClientFrame = z.infer<typeof ClientFrame>
export type FrameId = z.infer<typeof FrameId>

/** A refusal inside a frame: RFC 9457 without `instance`, which a socket has not. */
export type FrameProblem = Omit<ProblemBody, 'instance'>

/** What the server sends. `refused.id` is null where the frame could not be read. */
export type ServerFrame =
  | { op: 'joined'; id: FrameId; room: string }
  | { op: 'done'; id: FrameId; result: unknown }
  | { op: 'refused'; id: FrameId | null; problem: FrameProblem }
  | { op: 'message'; channel: string; params: unknown; type: string; data: unknown }
  | { op: 'expelled'; channel: string; params: unknown }
  | { op: 'pong' }

/** Close codes of our own; 1001 (going away) and 1009 (frame too large) keep their usual meaning. */
export const closeCodes = {
  /** The session ended or the account was signed out. */
  signedOut: 4001,
  /** The address was banned. */
  banned: 4003,
  /** Too many frames that could not be read. */
  badFrames: 4002,
  /** The browser did not read what was sent to it. */
  tooSlow: 4008,
  /** More frames than allowed. */
  tooMany: 4029,
} as const

/** What one connection may do. */
export interface Limits {
  /** Unsent bytes above which a connection is dropped. */
  maxBufferedBytes: number
  maxRooms: number
  /** Frames in and not yet answered. */
  maxPending: number
  framesPerSecond: number
  frameBurst: number
  /** Unreadable frames until the connection is closed. */
  maxBadFrames: number
  heartbeatMs: number
}
export const defaultLimits: Limits = {
  maxBufferedBytes: 1024 * 1024,
  maxRooms: 100,
  maxPending: 40,
  framesPerSecond: 20,
  frameBurst: 40,
  maxBadFrames: 5,
  heartbeatMs: 30_000,
}
