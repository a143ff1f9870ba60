import type { MediaReceiver } from '../media/receiver.ts'
import type { FromIngest, StreamTarget, ToIngest } from '../media/types.ts'
import { defaultLimits, type IngestLimits } from './limits.ts'
import { LiveSession } from './live-session.ts'
import type { PublishRequest } from './publish-request.ts'
import { ReadPace } from './read-pace.ts'
import type { CutReason, RtmpConnection } from './rtmp-connection.ts'
import { RtmpListener } from './rtmp-listener.ts'

const healthEveryMs = 2_000
const countsEveryMs = 60_000

/** What the ingest needs: somebody who receives the media and somebody to report to. */
export interface IngestOptions {
  receiverFor(target: StreamTarget): Promise<MediaReceiver>
  send(message: FromIngest): void
  limits?: Partial<IngestLimits>
  healthEveryMs?: number
}

interface Asking {
  connection: RtmpConnection
  encoder: string
}

/** The ingest child without its process: takes the web process's messages, serves encoders, reports back. */
export class Ingest {
  private readonly options: IngestOptions
  private readonly limits: IngestLimits
  private readonly listener: RtmpListener
  private readonly asking = new Map<number, Asking>()
  private readonly sessions = new Map<string, LiveSession>()
  private readonly cuts: Record<string, number> = {}
  private readonly timers: NodeJS.Timeout[] = []
  private lastRequestId = 0
  private isStopping = false

  constructor(options: IngestOptions) {
    this.options = options
    this.limits = { ...defaultLimits, ...options.limits }
    const pace = new ReadPace(this.limits.gatherMs, () => this.sessions.size)
    this.listener = new RtmpListener(this.limits, {
      publish: (connection, request) => this.ask(connection, request),
      cut: (reason) => this.count(reason),
      hasRead: () => pace.hasRead(),
      overCap: () => this.count('too-many-from-address'),
    })
  }

  /** Connections that are not fully closed yet. */
  get openConnections(): number {
    return this.listener.openConnections
  }

  /** Does what the web process says. `listen` reports `listening` or `listen-failed`. */
  async handle(message: ToIngest): Promise<void> {
    if (message.type === 'listen') await this.listen(message)
    else if (message.type === 'publish-answer') await this.onAnswer(message)
    else await this.end(message)
  }

  /** Stops listening, disconnects everybody and flushes. Streams are not ended: they can be continued. */
  async stop(): Promise<void> {
    this.isStopping = true
    for (const timer of this.timers) clearInterval(timer)
    await Promise.all([...this.sessions.values()].map((session) => session.suspend()))
    await this.listener.close()
    this.sessions.clear()
    this.asking.clear()
  }

  private async listen({ rtmp, rtmps }: Extract<ToIngest, { type: 'listen' }>): Promise<void> {
    let wanted = rtmp.port
    try {
      const port = await this.listener.listen(rtmp)
      wanted = rtmps?.port ?? wanted
      const rtmpsPort = rtmps && (await this.listener.listen(rtmps))
      const beat = () => {
        for (const session of this.sessions.values()) session.reportHealth()
      }
      this.timers.push(setInterval(beat, this.options.healthEveryMs ?? healthEveryMs))
      this.timers.push(setInterval(() => this.reportCounts(), countsEveryMs))
      this.options.send({ type: 'listening', port, ...(rtmpsPort !== undefined && { rtmpsPort }) })
    } catch (error) {
      await this.listener.close()
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN'
      this.options.send({ type: 'listen-failed', code, port: wanted })
    }
  }

  private ask(connection: RtmpConnection, request: PublishRequest): void {
    if (this.isStopping) {
      connection.refuse('The server is stopping.')
      return
    }
    const requestId = ++this.lastRequestId
    this.asking.set(requestId, { connection, encoder: request.encoder })
    this.options.send({ type: 'publish-request', requestId, ...request })
  }

  private async onAnswer(answer: Extract<ToIngest, { type: 'publish-answer' }>): Promise<void> {
    const asking = this.asking.get(answer.requestId)
    this.asking.delete(answer.requestId)
    if (this.isStopping) return
    if (!answer.accept) {
      asking?.connection.refuse(answer.reason)
    } else if (asking) {
      await this.sessionFor(answer.stream).attach(asking.connection, asking.encoder)
    }
  }

  private async end({ streamId, reason, target }: Extract<ToIngest, { type: 'end' }>): Promise<void> {
    const session = this.sessions.get(streamId) ?? (target && this.sessionFor(target))
    if (session) {
      await session.end(reason)
      this.sessions.delete(streamId)
    } else {
      const recording = { durationMs: 0, sizeBytes: 0, segments: 0 }
      this.options.send({ type: 'ended', streamId, reason, recording })
    }
  }

  private sessionFor(target: StreamTarget): LiveSession {
    const known = this.sessions.get(target.id)
    if (known) return known
    const { receiverFor, send } = this.options
    const session = new LiveSession({ target, limits: this.limits, receiverFor, send })
    this.sessions.set(target.id, session)
    return session
  }

  private count(reason: CutReason | 'too-many-from-address'): void {
    this.cuts[reason] = (this.cuts[reason] ?? 0) + 1
  }

  private reportCounts(): void {
    const fields = { ...this.cuts }
    if (Object.keys(fields).length === 0) return
    for (const reason of Object.keys(fields)) delete this.cuts[reason]
    this.options.send({ type: 'log', level: 'warn', message: 'RTMP connections were cut', fields })
  }
}
