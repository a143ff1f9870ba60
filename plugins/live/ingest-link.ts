import { join } from 'node:path'
import type { ApplianceInfo, Child, Log } from '#sdk'
import { recoverSpool } from './media/spool.ts'
import type { FromIngest, StreamTarget, ToIngest } from './media/types.ts'
import { hintOf } from './stream-keys.ts'
import { WrongKeyLimit } from './wrong-key-limit.ts'

export type PublishRequest = Extract<FromIngest, { type: 'publish-request' }>
/** What the ingest says about one stream. */
export type StreamNews = Extract<FromIngest, { streamId: string }>
export type PublishAnswer =
  | { accept: true; stream: StreamTarget }
  | { accept: false; reason: string; isWrongKey?: boolean }

/** A site as the link sees it: decides on publishers who dialled it and hears about its own streams. */
export interface IngestSite {
  answersTo(host: string): boolean
  answer(request: PublishRequest): Promise<PublishAnswer>
  hear(news: StreamNews): void
  /** A new ingest process holds no stream yet. */
  childStarted(): void
}

const retryListenMs = 5_000

/** Address of the Unix socket (or Windows pipe) on which web processes hear of new media. */
export function feedAddress(appliance: ApplianceInfo): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\veza-${appliance.rtmp.port}-live`
  return join(appliance.runDir, 'live.sock')
}

/** Where the ingest keeps what a crash must not lose. */
export const spoolOf = (appliance: ApplianceInfo): string => join(appliance.runDir, 'live-spool')

/**
 * The one ingest process of the appliance, shared by its sites: keeps it listening, takes each publisher to the
 * site it dialled, and each piece of news to the site that owns the stream.
 */
export class IngestLink {
  /** Set while the ingest listens. */
  ports: { rtmp: number; rtmps: number | null } | null = null
  /** Set while sources can connect. */
  icecastPort: number | null = null
  readonly #child: Child
  readonly #appliance: ApplianceInfo
  readonly #log: Log
  readonly #ffmpeg: string | undefined
  readonly #sites = new Set<IngestSite>()
  readonly #owners = new Map<string, IngestSite>()
  readonly #wrongKeys = new WrongKeyLimit()
  #starts = 0
  #isRecovering = false
  readonly #waiting: ToIngest[] = []
  #isClosed = false
  #retry: NodeJS.Timeout | undefined

  /** `ffmpeg` is the program that the ingest decodes with; it looks for one where none is given. */
  constructor(child: Child, appliance: ApplianceInfo, log: Log, ffmpeg?: string) {
    this.#child = child
    this.#appliance = appliance
    this.#log = log
    this.#ffmpeg = ffmpeg
    child.onMessage((message) => this.#onMessage(message as FromIngest))
    child.onStart(() => void this.#onStart())
  }

  get isListening(): boolean {
    return this.ports !== null && this.#child.isRunning
  }

  add(site: IngestSite): void {
    this.#sites.add(site)
  }

  /** The site stops taking publishers; those on air are disconnected unless the whole ingest stops as well. */
  remove(site: IngestSite): void {
    this.#sites.delete(site)
    const held = [...this.#owners].filter(([, owner]) => owner === site).map(([streamId]) => streamId)
    for (const streamId of held) this.#owners.delete(streamId)
    const letGo = setTimeout(() => {
      if (this.#isClosed) return
      for (const streamId of held)
        if (!this.#owners.has(streamId)) this.send({ type: 'end', streamId, reason: 'server-stopping' })
    }, 3_000)
    letGo.unref()
  }

  /** From now on news about the stream go to that site. */
  own(streamId: string, site: IngestSite): void {
    this.#owners.set(streamId, site)
  }

  disown(streamId: string): void {
    this.#owners.delete(streamId)
  }

  send(message: ToIngest): void {
    if (this.#isRecovering) this.#waiting.push(message)
    else if (this.#child.isRunning) this.#child.send(message)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.ports = null
    clearTimeout(this.#retry)
    await this.#child.stop()
  }

  async #onStart(): Promise<void> {
    const start = ++this.#starts
    this.ports = null
    this.icecastPort = null
    // The one before may have died: nothing is asked of this one before its streams' folders hold what it left.
    this.#isRecovering = true
    await recoverSpool(spoolOf(this.#appliance)).catch((error: unknown) =>
      this.#log.error({ err: error }, 'what the ingest had not stored could not be recovered'),
    )
    if (start !== this.#starts) return
    this.#isRecovering = false
    this.#listen()
    for (const message of this.#waiting.splice(0)) this.send(message)
    for (const site of this.#sites) site.childStarted()
  }

  #listen(): void {
    if (this.#isClosed) return
    const { rtmp, icecast } = this.#appliance
    this.send({
      type: 'listen',
      rtmp: { host: rtmp.host, port: rtmp.port },
      ...(rtmp.tls && { rtmps: { host: rtmp.host, ...rtmp.tls } }),
      ...(icecast && { icecast }),
      ...(this.#ffmpeg !== undefined && { ffmpeg: this.#ffmpeg }),
      socketPath: feedAddress(this.#appliance),
      spoolDir: spoolOf(this.#appliance),
    })
  }

  #onMessage(message: FromIngest): void {
    if (message.type === 'listening') {
      this.ports = { rtmp: message.port, rtmps: message.rtmpsPort ?? null }
      this.#log.info({ port: message.port }, 'RTMP ingest listens')
    } else if (message.type === 'listen-failed') {
      const { code, port } = message
      this.#log.error({ code, port }, `RTMP port ${port} cannot be used (${code}); trying again`)
      this.#retry = setTimeout(() => this.#listen(), retryListenMs)
    } else if (message.type === 'icecast-listening') {
      this.icecastPort = message.port
      this.#log.info({ port: message.port }, 'Icecast sources can connect')
    } else if (message.type === 'icecast-failed') {
      const { code, port } = message
      this.#log.error(
        { code, port },
        `port ${port} for Icecast sources cannot be used (${code}); trying again`,
      )
    } else if (message.type === 'log') {
      this.#log[message.level](message.fields ?? {}, message.message)
    } else if (message.type === 'publish-request') {
      void this.#onRequest(message, this.#starts)
    } else {
      this.#owners.get(message.streamId)?.hear(message)
    }
  }

  async #onRequest(request: PublishRequest, start: number): Promise<void> {
    const answer = await this.#decide(request)
    // A restarted ingest counts its requests from 1 again: the answer would reach somebody else.
    if (start !== this.#starts) return
    if (answer.accept) {
      this.send({ type: 'publish-answer', requestId: request.requestId, accept: true, stream: answer.stream })
      return
    }
    const { key, address, host } = request
    const fields = { keyHint: hintOf(key), address, host, reason: answer.reason }
    this.#log.warn(fields, 'a publisher was refused')
    const { requestId } = request
    const { reason, isWrongKey = false } = answer
    this.send({ type: 'publish-answer', requestId, accept: false, reason, ...(isWrongKey && { isWrongKey }) })
  }

  async #decide(request: PublishRequest): Promise<PublishAnswer> {
    if (this.#wrongKeys.isOver(request.address))
      return { accept: false, reason: 'Too many wrong stream keys; wait a minute.' }
    if (request.app.replace(/\/+$/, '') !== 'live')
      return { accept: false, reason: 'The address must end in /live, followed by the stream key.' }
    const site = [...this.#sites].find((candidate) => candidate.answersTo(request.host))
    if (!site) return { accept: false, reason: 'No site answers at this host name.' }
    try {
      const answer = await site.answer(request)
      if (!answer.accept && answer.isWrongKey) this.#wrongKeys.add(request.address)
      return answer
    } catch (error) {
      this.#log.error({ err: error }, 'a publisher could not be let in')
      return { accept: false, reason: 'The server cannot take a stream at the moment.' }
    }
  }
}
