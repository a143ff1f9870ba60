import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  COMPLETE_PLAYLIST,
  GROWING_PLAYLIST,
  MEDIA_FILE,
  PERSONAL_PLAYLIST,
  PREFLIGHT,
  REFUSAL,
  WRONG_METHOD,
} from './hls-headers.ts'
import type { LiveWindow, LiveWindows } from './live-windows.ts'
import { type MultivariantText, WindowPlaylists } from './playlists.ts'
import type { Rendered } from './rendered.ts'
import { SlowClients } from './slow-clients.ts'
import { sendStoredFile } from './stored-file.ts'
import { type StoredStream, StoredStreams } from './stored-stream.ts'

type Track = 'video' | 'audio'
type Done = void | Promise<void>

/** What the handler reads from. */
export interface HlsOptions {
  windows: LiveWindows
  /** A stream's folder; undefined when there is no such stream. */
  dirFor(streamId: string): string | undefined
  viewers?: { seen(streamId: string, viewerId: string): void }
  /** After this a client that does not take its response is cut off; 60 s by default. */
  drainWithinMs?: number
}

/** Answers one request whose token was checked before; `file` is the last part of its path, without a query. */
export type HlsHandler = (req: IncomingMessage, res: ServerResponse, streamId: string, file: string) => Done

/** Makes the handler of everything a player asks for: memory first, the stream's folder behind it. */
export function createHlsHandler(options: HlsOptions): HlsHandler {
  const delivery = new Delivery(options)
  return (req, res, streamId, file) => delivery.answer({ req, res, streamId, file })
}

interface Asked {
  req: IncomingMessage
  res: ServerResponse
  streamId: string
  file: string
}

const MEDIA_NAME = /^([va])(-?)(\d{1,9})\.(m4s|mp4)$/
const VIEWER = /[?&]v=([\w-]{8,32})(?:&|$)/

/** The DJ's own preview is nobody watching. */
const UNCOUNTED = /[?&]uncounted(?:&|=|$)/

class Delivery {
  readonly #options: HlsOptions
  readonly #live = new WeakMap<LiveWindow, WindowPlaylists>()
  readonly #stored = new StoredStreams()
  readonly #slow: SlowClients

  constructor(options: HlsOptions) {
    this.#options = options
    const maxMs = options.drainWithinMs
    this.#slow = maxMs === undefined ? new SlowClients() : new SlowClients(maxMs, maxMs / 4)
  }

  answer(asked: Asked): Done {
    const { method } = asked.req
    if (method !== 'GET' && method !== 'HEAD') return refuseMethod(asked)
    switch (asked.file) {
      case 'index.m3u8':
        return this.#index(asked)
      case 'video.m3u8':
        return this.#livePlaylist(asked, 'video')
      case 'audio.m3u8':
        return this.#livePlaylist(asked, 'audio')
      case 'replay.m3u8':
        return this.#replay(asked, (stream) => stream.replayMultivariant())
      case 'video-replay.m3u8':
        return this.#replay(asked, (stream) => stream.replay('video'))
      case 'audio-replay.m3u8':
        return this.#replay(asked, (stream) => stream.replay('audio'))
      default:
        return this.#media(asked)
    }
  }

  #media(asked: Asked): Done {
    const match = MEDIA_NAME.exec(asked.file)
    if (match === null || (match[2] === '-') !== (match[4] === 'mp4')) return notFound(asked.res)
    const track = match[1] === 'v' ? 'video' : 'audio'
    const window = this.#options.windows.find(asked.streamId)?.[track]
    const number = Number(match[3])
    if (match[2] === '-') {
      const init = window?.inits.get(number)
      return init === undefined ? this.#file(asked, track) : this.#send(asked, MEDIA_FILE[track], init.body)
    }
    const parts = window?.segment(number)?.parts
    if (!parts) return this.#file(asked, track)
    return this.#send(asked, MEDIA_FILE[track], parts.length === 1 ? parts[0]! : Buffer.concat(parts))
  }

  /** Segments that left the window, and everything after the web process restarted. */
  async #file(asked: Asked, track: Track): Promise<void> {
    const { req, res, streamId, file: name } = asked
    const dir = this.#options.dirFor(streamId)
    this.#slow.watch(res)
    const isSent = dir !== undefined && (await sendStoredFile(req, res, { dir, name }, MEDIA_FILE[track]))
    if (!isSent) notFound(res)
  }

  #index(asked: Asked): Done {
    const window = this.#options.windows.find(asked.streamId)
    if (window?.hasSegments) return this.#sendMultivariant(asked, this.#playlistsOf(window).multivariant())
    return this.#fromFolder(asked, (stream) => {
      const text = stream.liveMultivariant()
      if (text === null) notFound(asked.res)
      else this.#sendMultivariant(asked, text)
    })
  }

  #sendMultivariant(asked: Asked, text: MultivariantText): void {
    const viewerId = UNCOUNTED.test(asked.req.url ?? '') ? null : randomBytes(9).toString('base64url')
    this.#send(asked, PERSONAL_PLAYLIST, text.forViewer(viewerId))
  }

  #livePlaylist(asked: Asked, track: Track): Done {
    const viewerId = VIEWER.exec(asked.req.url ?? '')?.[1]
    if (viewerId !== undefined) this.#options.viewers?.seen(asked.streamId, viewerId)
    const window = this.#options.windows.find(asked.streamId)
    const rendered = window && this.#playlistsOf(window).media(track)
    if (rendered) return this.#sendRendered(asked, GROWING_PLAYLIST, rendered)
    return this.#fromFolder(asked, (stream) =>
      this.#sendRendered(asked, GROWING_PLAYLIST, stream.live(track)),
    )
  }

  #replay(asked: Asked, choose: (stream: StoredStream) => Rendered | null): Done {
    return this.#fromFolder(asked, (stream) => {
      const headers = stream.isEnded ? COMPLETE_PLAYLIST : GROWING_PLAYLIST
      this.#sendRendered(asked, headers, choose(stream))
    })
  }

  async #fromFolder(asked: Asked, answer: (stream: StoredStream) => void): Promise<void> {
    const dir = this.#options.dirFor(asked.streamId)
    if (dir === undefined) notFound(asked.res)
    else answer(await this.#stored.get(dir))
  }

  #playlistsOf(window: LiveWindow): WindowPlaylists {
    const known = this.#live.get(window)
    if (known !== undefined) return known
    const created = new WindowPlaylists(window)
    this.#live.set(window, created)
    return created
  }

  #sendRendered(asked: Asked, headers: readonly string[], rendered: Rendered | null): void {
    if (rendered === null) {
      notFound(asked.res)
      return
    }
    const isPackable = asked.req.headers['accept-encoding']?.includes('gzip') ?? false
    const packed = isPackable ? rendered.packed : null
    if (packed === null) this.#send(asked, headers, rendered.plain)
    else this.#send(asked, [...headers, 'content-encoding', 'gzip'], packed)
  }

  #send({ req, res }: Asked, headers: readonly string[], body: Buffer): void {
    res.writeHead(200, [...headers, 'content-length', String(body.length)])
    if (req.method === 'HEAD') {
      res.end()
      return
    }
    res.end(body)
    this.#slow.watch(res)
  }
}

function refuseMethod({ req, res }: Asked): void {
  if (req.method === 'OPTIONS') res.writeHead(204, PREFLIGHT).end()
  else res.writeHead(405, WRONG_METHOD).end('Only GET and HEAD.\n')
}

function notFound(res: ServerResponse): void {
  res.writeHead(404, REFUSAL).end('Not found.\n')
}
