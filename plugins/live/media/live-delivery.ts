import { type Directives, hasReached, isTooFar, readDirectives } from './directives.ts'
import { type Answers, type Asked, badRequest, later, notFound } from './hls-answers.ts'
import { GROWING_PLAYLIST, LOW_LATENCY_PLAYLIST, MEDIA_FILE } from './hls-headers.ts'
import type { LiveWindow, RenditionKey } from './live-window.ts'
import type { LiveWindows } from './live-windows.ts'
import { type LiveKind, type MultivariantText, WindowPlaylists } from './playlists.ts'
import type { MediaFile } from './stream-files.ts'
import type { LivePart, TrackWindow } from './track-window.ts'
import { Waiting } from './waiting.ts'

/** How many target durations a request may wait (RFC 8216bis 6.2.5.2). */
const WAIT_TARGETS = 3
/** How long the first segment of a rendition that is only made on demand may take. */
const RUNG_WAIT_MS = 8_000
const WANT_AGAIN_MS = 5_000
const REMEMBERED_WANTS = 1_000

/** A media playlist as it is asked for. */
export interface AskedPlaylist extends Asked {
  rendition: RenditionKey
  isPlain: boolean
}

/** What it needs of the handler's options. */
export interface LiveOptions {
  windows: LiveWindows
  want?: (streamId: string, height: number) => void
  rungWithinMs?: number
}

/** What is answered from memory, at once or when it comes. False is left to the disk. */
export class LiveDelivery {
  readonly waiting = new Waiting()
  readonly #options: LiveOptions
  readonly #answers: Answers
  readonly #playlists = new WeakMap<LiveWindow, WindowPlaylists>()
  readonly #wants = new Map<string, number>()

  constructor(options: LiveOptions, answers: Answers) {
    this.#options = options
    this.#answers = answers
    options.windows.onPart((streamId) => this.waiting.wake(streamId))
  }

  /** Null where memory has nothing to play. */
  multivariant(streamId: string, kind: LiveKind): MultivariantText | null {
    const window = this.#options.windows.find(streamId)
    return window?.hasSegments ? this.playlistsOf(window).multivariant(kind) : null
  }

  playlistsOf(window: LiveWindow): WindowPlaylists {
    const known = this.#playlists.get(window)
    if (known !== undefined) return known
    const created = new WindowPlaylists(window)
    this.#playlists.set(window, created)
    return created
  }

  playlist(asked: AskedPlaylist): boolean {
    const window = this.#options.windows.find(asked.streamId)
    if (window === undefined) return false
    if (typeof asked.rendition === 'number') this.#rung(asked, asked.rendition, window)
    else if (window[asked.rendition].segments.length === 0) return false
    else this.#grown(asked, window, window[asked.rendition])
    return true
  }

  media(asked: Asked, file: MediaFile): boolean {
    const window = this.#options.windows.find(asked.streamId)
    const track = window?.rendition(file.rung ?? file.track)
    const headers = MEDIA_FILE[file.track]
    if (file.kind === 'part') {
      if (window === undefined || track === undefined || file.take !== window.take) notFound(asked.res)
      else this.#part(asked, window, track, file)
      return true
    }
    const init = file.kind === 'init' ? track?.inits.get(file.number) : undefined
    const parts = file.kind === 'segment' ? track?.segment(file.number)?.parts : undefined
    if (init !== undefined) this.#answers.body(asked, headers, init.body)
    else if (parts) this.#answers.parts(asked, headers, parts)
    else if (file.rung === undefined) return false
    else notFound(asked.res)
    return true
  }

  /** Made on demand: the first who asks waits for it. */
  #rung(asked: AskedPlaylist, height: number, window: LiveWindow): void {
    const isOffered = !window.isEnded && window.offers.some((offer) => offer.height === height)
    if (isOffered) this.#want(asked.streamId, height)
    const isThere = () => {
      const track = window.rungs.get(height)
      return window.isEnded || (track !== undefined && !track.isClosed && track.segments.length > 0)
    }
    const answer = () => {
      const track = window.rungs.get(height)
      if (track === undefined || track.segments.length === 0) notFound(asked.res)
      else this.#grown(asked, window, track)
    }
    const maxMs = this.#options.rungWithinMs ?? RUNG_WAIT_MS
    if (isThere()) answer()
    else if (!isOffered) notFound(asked.res)
    else this.#wait(asked, { isDue: isThere, answer, expire: () => later(asked.res), maxMs })
  }

  #want(streamId: string, height: number): void {
    const key = `${streamId} ${height}`
    const now = Date.now()
    if (now - (this.#wants.get(key) ?? 0) < WANT_AGAIN_MS) return
    if (this.#wants.size >= REMEMBERED_WANTS) this.#wants.clear()
    this.#wants.set(key, now)
    this.#options.want?.(streamId, height)
  }

  /** A playlist with at least one segment, once it is as long as asked for. */
  #grown(asked: AskedPlaylist, window: LiveWindow, track: TrackWindow): void {
    const { partTargetMs } = window
    const isPlain = asked.isPlain || partTargetMs === null
    const directives = isPlain ? null : readDirectives(asked.req.url ?? '')
    if (isPlain) this.#send(asked, window, null)
    else if (directives === null) badRequest(asked.res)
    else this.#whenReached(asked, window, track, directives)
  }

  #whenReached(asked: AskedPlaylist, window: LiveWindow, track: TrackWindow, directives: Directives): void {
    const isThere = () => window.isEnded || hasReached(track, directives)
    // A rendition that stopped says so at once: players go on with another one.
    const isDue = () => track.isClosed || isThere()
    const answer = () => {
      if (isThere()) this.#send(asked, window, directives)
      else notFound(asked.res)
    }
    if (isDue()) answer()
    else if (isTooFar(track, directives, window.partTargetMs!)) badRequest(asked.res)
    else this.#wait(asked, { isDue, answer, expire: () => later(asked.res), maxMs: this.#waitMs(window) })
  }

  /** Null directives ask for the plain playlist. */
  #send(asked: AskedPlaylist, window: LiveWindow, directives: Directives | null): void {
    const form = directives === null ? 'plain' : directives.mayskip ? 'delta' : 'whole'
    const rendered = this.playlistsOf(window).media(asked.rendition, form)
    this.#answers.rendered(asked, directives === null ? GROWING_PLAYLIST : LOW_LATENCY_PLAYLIST, rendered)
  }

  /** A part that is there, or the very next one once it comes. */
  #part(asked: Asked, window: LiveWindow, track: TrackWindow, file: MediaFile & { kind: 'part' }): void {
    const find = (): LivePart | undefined => track.partsOf(file.number)?.[file.part]
    const isNext = () => {
      const { seq, part } = track.next
      return !window.isEnded && !track.isClosed && seq === file.number && part === file.part
    }
    const answer = () => {
      const part = find()
      if (part === undefined) notFound(asked.res)
      else this.#answers.body(asked, MEDIA_FILE[file.track], part.body)
    }
    const expire = () => notFound(asked.res)
    const isDue = () => find() !== undefined || !isNext()
    if (isDue()) answer()
    else this.#wait(asked, { isDue, answer, expire, maxMs: this.#waitMs(window) })
  }

  #waitMs(window: LiveWindow): number {
    return window.targetDurationMs * WAIT_TARGETS
  }

  #wait({ res, streamId }: Asked, waiter: Omit<Parameters<Waiting['add']>[1], 'res'>): void {
    this.waiting.add(streamId, { res, ...waiter })
  }
}
