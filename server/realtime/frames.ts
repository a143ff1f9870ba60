import {
  type Channel,
  internal,
  invalidInput,
  malformed,
  notAllowed,
  notFound,
  notSignedIn,
  tooMany,
  type z,
} from '#contract'
import { type ChannelHandler, type Log, ProblemError, problem } from '#sdk'
import { parseJson } from '../json.ts'
import type { Connection } from './connection.ts'
import { ClientFrame, closeCodes, type FrameId, type FrameProblem, type Limits } from './protocol.ts'
import { type Rooms, roomKey } from './rooms.ts'

/** A channel and what its owner does with it. */
export interface Registration {
  owner: string
  channel: Channel
  handler: ChannelHandler<unknown, Record<string, z.ZodType>>
}

export interface FrameContext {
  channels: Map<string, Registration>
  rooms: Rooms
  limits: Limits
  log: Log
}

type RoomFrame = Exclude<ClientFrame, { op: 'ping' }>
type Join = Extract<ClientFrame, { op: 'join' }>
type Send = Extract<ClientFrame, { op: 'send' }>
type Place = { registration: Registration; params: unknown; key: string }

const maxParamsLength = 1024

/** Reads one frame of a browser and does what it asks; whatever goes wrong is answered to that browser alone. */
export function takeFrame(context: FrameContext, connection: Connection, text: string | null): void {
  const frame = readFrame(text)
  if (!frame) refuseBadFrame(context, connection)
  else if (frame.op === 'ping') connection.send({ op: 'pong' })
  else queueFrame(context, connection, frame)
}

function queueFrame(context: FrameContext, connection: Connection, frame: RoomFrame): void {
  try {
    if (connection.pending >= context.limits.maxPending) throw problem(tooMany)
    const place = findPlace(context, frame.channel, frame.params)
    inTurn(connection, place.key, () => answer(context, connection, frame, place))
  } catch (error) {
    refuse(context, connection, frame.op === 'leave' ? null : frame.id, error)
  }
}

function readFrame(text: string | null): ClientFrame | null {
  if (text === null) return null
  try {
    const result = ClientFrame.safeParse(parseJson(text))
    return result.success ? result.data : null
  } catch {
    return null
  }
}

function refuseBadFrame(context: FrameContext, connection: Connection): void {
  connection.badFrames += 1
  refuse(context, connection, null, problem(malformed, 'This frame is not of the protocol.'))
  if (connection.badFrames >= context.limits.maxBadFrames) connection.drop(closeCodes.badFrames, 'bad-frames')
}

function findPlace(context: FrameContext, channel: string, params: unknown): Place {
  const registration = context.channels.get(channel)
  if (!registration) throw problem(notFound, 'There is no such channel.')
  const parsed = parse(registration.channel.params, params, '/params')
  const key = roomKey(channel, parsed)
  if (key.length > maxParamsLength) throw problem(invalidInput, 'The params are too long.')
  return { registration, params: parsed, key }
}

/** Frames of one room wait for each other; those of other rooms do not. */
function inTurn(connection: Connection, key: string, work: () => Promise<void>): void {
  connection.pending += 1
  const turn = (connection.turns.get(key) ?? Promise.resolve()).then(work).finally(() => {
    connection.pending -= 1
    if (connection.turns.get(key) === turn) connection.turns.delete(key)
  })
  connection.turns.set(key, turn)
}

async function answer(
  context: FrameContext,
  connection: Connection,
  frame: RoomFrame,
  place: Place,
): Promise<void> {
  if (connection.isClosed) return
  try {
    if (frame.op === 'join') await join(context, connection, frame, place)
    else if (frame.op === 'send') await send(context, connection, frame, place)
    else leave(context, connection, place.key)
  } catch (error) {
    refuse(context, connection, frame.op === 'leave' ? null : frame.id, error)
  }
}

async function join(context: FrameContext, connection: Connection, frame: Join, place: Place): Promise<void> {
  const { registration, params, key } = place
  const existing = context.rooms.find(key)
  if (existing && connection.rooms.has(existing))
    return connection.send({ op: 'joined', id: frame.id, room: key })
  if (connection.rooms.size >= context.limits.maxRooms) throw problem(tooMany, 'Too many rooms are joined.')
  const isAdmitted = await registration.handler.canJoin(connection.member, params)
  if (!isAdmitted) throw problem(connection.member.account ? notAllowed : notSignedIn)
  if (connection.isClosed) return
  if (context.channels.get(frame.channel) !== registration)
    throw problem(notFound, 'There is no such channel.')
  // Rooms joined at the same time were counted before either was entered.
  if (connection.rooms.size >= context.limits.maxRooms) throw problem(tooMany, 'Too many rooms are joined.')
  context.rooms.enter(connection, frame.channel, params)
  connection.send({ op: 'joined', id: frame.id, room: key })
  tell(context, () => registration.handler.joined?.(connection.member, params))
}

async function send(context: FrameContext, connection: Connection, frame: Send, place: Place): Promise<void> {
  const { registration, params, key } = place
  const room = context.rooms.find(key)
  if (!room || !connection.rooms.has(room)) throw problem(notAllowed, 'Join this room first.')
  const isCommand = Object.hasOwn(registration.channel.commands, frame.type)
  const schema = isCommand ? registration.channel.commands[frame.type] : undefined
  const work = isCommand ? registration.handler.on?.[frame.type] : undefined
  if (!schema || !work) throw problem(notFound, 'This channel has no such command.')
  const result = await work(connection.member, params, parse(schema, frame.data, '/data'))
  connection.send({ op: 'done', id: frame.id, result: result ?? null })
}

function leave(context: FrameContext, connection: Connection, key: string): void {
  const room = context.rooms.find(key)
  if (room && connection.rooms.has(room)) exitRoom(context, connection, room)
}

/** Takes a connection out of a room and tells the channel's owner. */
export function exitRoom(
  context: FrameContext,
  connection: Connection,
  room: Parameters<Rooms['exit']>[1],
): void {
  context.rooms.exit(connection, room)
  const registration = context.channels.get(room.channel)
  tell(context, () => registration?.handler.left?.(connection.member, room.params))
}

function tell(context: FrameContext, work: () => void): void {
  try {
    work()
  } catch (error) {
    context.log.error({ err: error }, 'A channel failed when somebody came or went.')
  }
}

function parse(schema: z.ZodType, value: unknown, at: string): unknown {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const errors = result.error.issues.map((issue) => ({
    pointer: [at, ...issue.path].join('/'),
    message: issue.message,
  }))
  throw problem(invalidInput, undefined, { errors })
}

function refuse(context: FrameContext, connection: Connection, id: FrameId | null, error: unknown): void {
  if (!(error instanceof ProblemError))
    context.log.error({ err: error, connectionId: connection.member.connectionId }, 'A channel failed.')
  const refusal = error instanceof ProblemError ? error : problem(internal)
  connection.send({ op: 'refused', id, problem: problemOf(refusal) })
}

function problemOf({ problem: token, detail, errors }: ProblemError): FrameProblem {
  return {
    type: `urn:veza:problem:${token.name}`,
    title: token.title,
    status: token.status,
    ...(detail === undefined ? {} : { detail }),
    ...(errors === undefined ? {} : { errors }),
  }
}
