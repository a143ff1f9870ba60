import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { isSheetName } from '../replays/storyboard/files.ts'
import { isStillName, stillsFolder } from '../replays/storyboard/stills.ts'
import { Answers, type Asked, notFound, refuseMethod } from './hls-answers.ts'
import {
  COMPLETE_PLAYLIST,
  GROWING_PLAYLIST,
  MEDIA_FILE,
  PERSONAL_PLAYLIST,
  PICTURE_FILE,
} from './hls-headers.ts'
import { type AskedPlaylist, LiveDelivery } from './live-delivery.ts'
import type { LiveWindows } from './live-windows.ts'
import type { LiveKind, MultivariantText } from './playlists.ts'
import type { Rendered } from './rendered.ts'
import type { SongMark } from './song-tags.ts'
import { sendStoredFile } from './stored-file.ts'
import { type StoredStream, StoredStreams } from './stored-stream.ts'
import { parseMediaName } from './stream-files.ts'

type Track = 'video' | 'audio'
type Done = void | Promise<void>

/** What the handler reads from. */
export interface HlsOptions {
  windows: LiveWindows
  /** A stream's folder; undefined when there is no such stream. */
  dirFor(streamId: string): string | undefined
  /** What was played in a stream, by where it began. */
  songs?: (streamId: string) => Promise<readonly SongMark[]>
  viewers?: { seen(streamId: string, viewerId: string, asking?: IncomingMessage): void }
  /** Streams whose folder lies on another machine; their files are brought into `dirFor` where they are missing. */
  elsewhere?: {
    refresh(streamId: string): Promise<void> | undefined
    bring(streamId: string, file: string): Promise<boolean>
  }
  /** Somebody wants to watch a rendition that is only made on demand; told at most each 5 s. */
  want?: (streamId: string, height: number) => void
  /** How long the first segment of such a rendition may take; 8 s by default. */
  rungWithinMs?: number
  /** After this a client that does not take its response is cut off; 60 s by default. */
  drainWithinMs?: number
}

/** Answers one request whose token was checked before; `file` is the last part of its path, without a query. */
export type HlsHandler = (req: IncomingMessage, res: ServerResponse, streamId: string, file: string) => Done

/** Makes the handler of everything a player asks for: memory first, the stream's folder behind it. */
export function createHlsHandler(options: HlsOptions): HlsHandler & { live: LiveDelivery } {
  const delivery = new Delivery(options)
  const handler: HlsHandler = (req, res, streamId, file) => delivery.answer({ req, res, streamId, file })
  return Object.assign(handler, { live: delivery.live })
}

const noSongs: readonly SongMark[] = []
const VIEWER = /[?&]v=([\w-]{8,32})(?:&|$)/
/** The DJ's own preview is nobody watching. */
const UNCOUNTED = /[?&]uncounted(?:&|=|$)/
/** A player that chooses among the pictures by itself is to have only these. */
const HEIGHT = /[?&]height=(\d{2,4})(?:&|$)/
const MEDIA_PLAYLIST = /^(?:(video|audio)|video-(\d{2,4}))(-plain)?\.m3u8$/

class Delivery {
  readonly live: LiveDelivery
  readonly #options: HlsOptions
  readonly #answers: Answers
  readonly #stored = new StoredStreams()

  constructor(options: HlsOptions) {
    this.#options = options
    this.#answers = new Answers(options.drainWithinMs)
    this.live = new LiveDelivery(options, this.#answers)
  }

  answer(asked: Asked): Done {
    const { method } = asked.req
    if (method !== 'GET' && method !== 'HEAD') return refuseMethod(asked)
    if (!asked.file.endsWith('.m3u8')) return this.#media(asked)
    switch (asked.file) {
      case 'index.m3u8':
        return this.#multivariant(asked, 'index')
      case 'plain.m3u8':
        return this.#multivariant(asked, 'plain')
      case 'sound.m3u8':
        return this.#multivariant(asked, 'sound')
      case 'replay.m3u8':
        return this.#replayMultivariant(asked, ['video', 'audio'])
      case 'sound-replay.m3u8':
        return this.#replayMultivariant(asked, ['audio'])
      case 'video-replay.m3u8':
        return this.#replay(asked, (stream) => stream.replay('video'))
      case 'audio-replay.m3u8':
        return this.#replay(asked, (stream) => stream.replay('audio'))
      default:
        return this.#mediaPlaylist(asked)
    }
  }

  #media(asked: Asked): Done {
    if (isSheetName(asked.file)) return this.#file(asked, PICTURE_FILE)
    if (isStillName(asked.file)) return this.#file(asked, PICTURE_FILE, stillsFolder)
    const file = parseMediaName(asked.file)
    if (file === null) return notFound(asked.res)
    return this.live.media(asked, file) ? undefined : this.#file(asked, MEDIA_FILE[file.track])
  }

  /** Segments that left the window, and everything after the web process restarted. */
  async #file(asked: Asked, headers: readonly string[], folder = ''): Promise<void> {
    const { req, res, streamId, file: name } = asked
    const dir = this.#options.dirFor(streamId)
    this.#answers.slow.watch(res)
    const send = async (from: string) =>
      dir !== undefined && (await sendStoredFile(req, res, { dir: join(dir, from), name }, headers))
    if (await send(folder)) return
    // What is brought from elsewhere is put side by side.
    const isBrought = (await this.#options.elsewhere?.bring(streamId, name)) && (await send(''))
    if (!isBrought) notFound(res)
  }

  #multivariant(asked: Asked, kind: LiveKind): Done {
    const live = this.live.multivariant(asked.streamId, kind)
    if (live !== null) return this.#sendMultivariant(asked, live)
    return this.#fromFolder(asked, (stream) => {
      const text = stream.liveMultivariant(kind)
      if (text === null) notFound(asked.res)
      else this.#sendMultivariant(asked, text)
    })
  }

  #sendMultivariant(asked: Asked, text: MultivariantText): void {
    const height = HEIGHT.exec(asked.req.url ?? '')?.[1]
    const wanted = height === undefined ? text : text.only(Number(height))
    this.#answers.body(asked, PERSONAL_PLAYLIST, wanted.forViewer(viewerOf(asked)))
  }

  #mediaPlaylist(asked: Asked): Done {
    const match = MEDIA_PLAYLIST.exec(asked.file)
    if (match === null) return notFound(asked.res)
    const track = match[1] as Track | undefined
    const wanted: AskedPlaylist = {
      ...asked,
      rendition: track ?? Number(match[2]),
      isPlain: match[3] !== undefined,
    }
    this.#count(asked)
    if (this.live.playlist(wanted)) return
    if (track === undefined) return notFound(asked.res)
    return this.#fromFolder(asked, (stream) =>
      this.#answers.rendered(asked, GROWING_PLAYLIST, stream.live(track)),
    )
  }

  #count({ req, streamId }: Asked): void {
    const viewerId = VIEWER.exec(req.url ?? '')?.[1]
    if (viewerId !== undefined) this.#options.viewers?.seen(streamId, viewerId, req)
  }

  /** Who looks back in a running stream is among its viewers. */
  #replayMultivariant(asked: Asked, tracks: readonly Track[]): Done {
    return this.#fromFolder(asked, (stream) => {
      const rendered = stream.replayMultivariant(tracks)
      if (stream.isEnded || rendered === null)
        return this.#answers.rendered(asked, COMPLETE_PLAYLIST, rendered)
      const viewerId = viewerOf(asked)
      const mark = viewerId === null ? '' : `?v=${viewerId}`
      const text = rendered.plain.toString().replaceAll('-replay.m3u8', `-replay.m3u8${mark}`)
      this.#answers.body(asked, PERSONAL_PLAYLIST, Buffer.from(text))
    })
  }

  #replay(asked: Asked, choose: (stream: StoredStream) => Rendered | null): Done {
    return this.#fromFolder(asked, (stream) => {
      if (!stream.isEnded) this.#count(asked)
      const headers = stream.isEnded ? COMPLETE_PLAYLIST : GROWING_PLAYLIST
      this.#answers.rendered(asked, headers, choose(stream))
    })
  }

  async #fromFolder(asked: Asked, answer: (stream: StoredStream) => void): Promise<void> {
    const dir = this.#options.dirFor(asked.streamId)
    await this.#options.elsewhere?.refresh(asked.streamId)
    if (dir === undefined) return notFound(asked.res)
    const [stream, songs] = await Promise.all([
      this.#stored.get(dir),
      this.#options.songs?.(asked.streamId) ?? noSongs,
    ])
    stream.songs = songs
    answer(stream)
  }
}

/** The id it came with, so that one viewer is one at all cameras, or one of its own; null for who is not to be counted. */
function viewerOf({ req }: Asked): string | null {
  const url = req.url ?? ''
  if (UNCOUNTED.test(url)) return null
  return VIEWER.exec(url)?.[1] ?? randomBytes(9).toString('base64url')
}
