import type { Socket } from 'node:net'
import { IcecastDoor } from '../icecast/door.ts'
import { Budget } from '../ladder/budget.ts'
import { coresForEncoding } from '../ladder/cores.ts'
import type { StartFfmpeg } from '../ladder/encoder.ts'
import type { MediaReceiver } from '../media/receiver.ts'
import type { FromIngest, StreamTarget, ToIngest } from '../media/types.ts'
import { Programs } from '../simulcast/programs.ts'
import { defaultLimits, type IngestLimits } from './limits.ts'
import { Listener } from './listener.ts'
import { LiveSession } from './live-session.ts'
import type { PublishConnection } from './publish-connection.ts'
import type { PublishRequest } from './publish-request.ts'
import { ReadPace } from './read-pace.ts'
import { type CutReason, RtmpConnection } from './rtmp-connection.ts'
import { SecureDoor } from './secure-door.ts'

const healthEveryMs = 2_000
const countsEveryMs = 60_000

/** What the ingest needs: somebody who receives the media and somebody to report to. */
export interface IngestOptions {
  receiverFor(target: StreamTarget): Promise<MediaReceiver>
  send(message: FromIngest): void
  /** Viewers wait for media that could not be sent yet. */
  hasUnsent?(): boolean
  limits?: Partial<IngestLimits>
  healthEveryMs?: number
}

interface Asking {
  connection: PublishConnection
  request: PublishRequest
}

/** The ingest child without its process: takes the web process's messages, serves encoders, reports back. */
export class Ingest {
  private readonly options: IngestOptions
  private readonly limits: IngestLimits
  private readonly listener: Listener
  private readonly icecast: IcecastDoor
  private readonly secure: SecureDoor
  private readonly serveRtmp: (socket: Socket, address: string) => void
  private readonly asking = new Map<number, Asking>()
  private readonly sessions = new Map<string, LiveSession>()
  private readonly programs: Programs
  private readonly cuts: Record<string, number> = {}
  private readonly timers: NodeJS.Timeout[] = []
  private readonly budget = new Budget(coresForEncoding())
  private ffmpeg: string | undefined
  private lastRequestId = 0
  private isStopping = false

  constructor(options: IngestOptions) {
    this.options = options
    this.programs = new Programs(options.send)
    this.limits = { ...defaultLimits, ...options.limits }
    const pace = new ReadPace(
      this.limits.gatherMs,
      () => this.sessions.size,
      () => options.hasUnsent?.() ?? false,
    )
    this.listener = new Listener(this.limits, () => this.count('too-many-from-address'))
    const events = {
      publish: (connection: PublishConnection, request: PublishRequest) => this.ask(connection, request),
      cut: (reason: CutReason) => this.count(reason),
      hasRead: () => pace.hasRead(),
    }
    this.serveRtmp = (socket, address) => void new RtmpConnection(socket, address, this.limits, events)
    this.secure = new SecureDoor(this.listener, this.limits, {
      serve: this.serveRtmp,
      say: (message) => options.send(message),
    })
    this.icecast = new IcecastDoor(this.listener, this.limits, {
      ...events,
      titleOf: (connection, title) => this.sessionOf(connection)?.offerTitle(title),
      titleBy: (by, title) => {
        const session = this.sessionOf(by)
        session?.offerTitle(title)
        return session !== undefined
      },
      say: (message) => options.send(message),
    })
  }

  /** Connections that are not fully closed yet. */
  get openConnections(): number {
    return this.listener.openConnections
  }

  /** Does what the web process says. `listen` reports `listening` or `listen-failed`. */
  async handle(message: ToIngest): Promise<void> {
    if (message.type === 'listen') this.ffmpeg = message.ffmpeg
    if (message.type === 'listen') await this.listen(message)
    else if (message.type === 'publish-answer') await this.onAnswer(message)
    else if (message.type === 'simulcast') this.programs.set(message)
    else await this.end(message)
  }

  /** Somebody would like to watch the stream in that height. */
  want(streamId: string, height: number): void {
    this.sessions.get(streamId)?.want(height)
  }

  /** Stops listening, disconnects everybody and flushes. Streams are not ended: they can be continued. */
  async stop(): Promise<void> {
    this.isStopping = true
    for (const timer of this.timers) clearInterval(timer)
    this.icecast.stop()
    this.secure.stop()
    await Promise.all([...this.sessions.values()].map((session) => session.suspend()))
    await this.listener.close()
    this.programs.close()
    this.sessions.clear()
    this.asking.clear()
  }

  private async listen({
    rtmp,
    rtmps,
    icecast,
    ffmpeg,
  }: Extract<ToIngest, { type: 'listen' }>): Promise<void> {
    let wanted = rtmp.port
    try {
      const port = await this.listener.listen({ ...rtmp, isReadInPlace: true }, this.serveRtmp)
      wanted = rtmps?.port ?? wanted
      const rtmpsPort = rtmps && (await this.secure.listen(rtmps, (later) => this.tellPorts(port, later)))
      const beat = () => {
        for (const session of this.sessions.values()) session.reportHealth()
      }
      this.timers.push(setInterval(beat, this.options.healthEveryMs ?? healthEveryMs))
      this.timers.push(setInterval(() => this.reportCounts(), countsEveryMs))
      this.tellPorts(port, rtmpsPort)
      if (icecast) await this.icecast.listen(icecast, ffmpeg)
    } catch (error) {
      await this.listener.close()
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN'
      this.options.send({ type: 'listen-failed', code, port: wanted })
    }
  }

  private tellPorts(port: number, rtmpsPort: number | null = null): void {
    this.options.send({ type: 'listening', port, ...(rtmpsPort !== null && { rtmpsPort }) })
  }

  private ask(connection: PublishConnection, request: PublishRequest): void {
    if (this.isStopping) {
      connection.refuse('The server is stopping.')
      return
    }
    const requestId = ++this.lastRequestId
    this.asking.set(requestId, { connection, request })
    this.options.send({ type: 'publish-request', requestId, ...request })
  }

  private async onAnswer(answer: Extract<ToIngest, { type: 'publish-answer' }>): Promise<void> {
    const asking = this.asking.get(answer.requestId)
    this.asking.delete(answer.requestId)
    if (this.isStopping) return
    if (!answer.accept) {
      asking?.connection.refuse(answer.reason, answer.isWrongKey)
    } else if (asking) {
      await this.sessionFor(answer.stream).attach(asking.connection, asking.request)
    }
  }

  private async end({ streamId, reason, target }: Extract<ToIngest, { type: 'end' }>): Promise<void> {
    const session = this.sessions.get(streamId) ?? (target && this.sessionFor(target))
    if (session) {
      await session.end(reason)
      this.sessions.delete(streamId)
      this.programs.drop(streamId)
    } else {
      const recording = { durationMs: 0, sizeBytes: 0, segments: 0 }
      this.options.send({ type: 'ended', streamId, reason, recording })
    }
  }

  private sessionOf(whom: Parameters<LiveSession['isFrom']>[0]): LiveSession | undefined {
    return [...this.sessions.values()].find((session) => session.isFrom(whom))
  }

  private sessionFor(target: StreamTarget): LiveSession {
    const known = this.sessions.get(target.id)
    if (known) return known
    const { receiverFor, send } = this.options
    const { budget, startFfmpeg: start } = this
    const sentOn = this.programs.sourceOf(target.id)
    const session = new LiveSession({ target, limits: this.limits, receiverFor, send, budget, start, sentOn })
    this.sessions.set(target.id, session)
    return session
  }

  /** Loaded when first needed: most servers encode nothing in this process. */
  private readonly startFfmpeg: StartFfmpeg = async (args, options) => {
    const { streamFfmpeg } = await import('#ffmpeg')
    return streamFfmpeg(args, { ...options, program: this.ffmpeg })
  }

  private count(reason: CutReason | 'too-many-from-address'): void {
    this.cuts[reason] = (this.cuts[reason] ?? 0) + 1
  }

  private reportCounts(): void {
    const fields = { ...this.cuts }
    if (Object.keys(fields).length === 0) return
    for (const reason of Object.keys(fields)) delete this.cuts[reason]
    this.options.send({ type: 'log', level: 'warn', message: 'connections of publishers were cut', fields })
  }
}
