import { readManifest } from './manifest.ts'
import type { Throughput } from './throughput.ts'
import type { FaultKind, Playable, PlaybackManifest, PlayerOptions, Rendition } from './types.ts'

/** Why a track cannot be had; anything temporary is waited for instead. */
export class SourceError extends Error {
  readonly kind: FaultKind
  constructor(kind: FaultKind, detail: string) {
    super(detail)
    this.kind = kind
  }
}

/** What no server said is a fault of the media. */
export const faultOf = (error: unknown): FaultKind => (error instanceof SourceError ? error.kind : 'broken')

export interface Range {
  offset: number
  length: number
}

interface SourceOptions {
  resolve: PlayerOptions['resolve']
  throughput: Throughput
  /** Told at each change of "the network answers". */
  onOnline: (isOnline: boolean) => void
}

/** The server answers, but says that it cannot now: so often, then it is a fault. */
const patience = 5
const longestWaitMs = 4000
const kept = { manifests: 24, heads: 8 }

/** Tracks, manifests and bytes, with fresh addresses where they expired and patience where the network is lost. */
export class TrackSource {
  readonly #options: SourceOptions
  readonly #tracks = new Map<string, Playable>()
  readonly #manifests = new Map<string, Promise<PlaybackManifest>>()
  readonly #heads = new Map<string, Promise<ArrayBuffer>>()
  #isOnline = true

  constructor(options: SourceOptions) {
    this.#options = options
  }

  know(track: Playable): void {
    this.#tracks.set(track.id, track)
  }

  known(trackId: string): Playable | null {
    return this.#tracks.get(trackId) ?? null
  }

  async track(trackId: string): Promise<Playable> {
    return this.#tracks.get(trackId) ?? (await this.renew(trackId))
  }

  /** Fresh addresses; throws `gone` where there are none for this listener. */
  async renew(trackId: string, signal?: AbortSignal): Promise<Playable> {
    const answer = await this.#patiently(() => this.#options.resolve([trackId]), signal)
    const track = answer.find(({ id }) => id === trackId)
    if (!track) throw new SourceError('gone', trackId)
    this.#tracks.set(trackId, track)
    return track
  }

  manifest(trackId: string): Promise<PlaybackManifest> {
    return remember(this.#manifests, trackId, kept.manifests, async () => {
      const response = await this.#fetch(trackId, ({ manifestUrl }) => manifestUrl)
      const manifest = readManifest(await response.json().catch(() => null))
      if (!manifest) throw new SourceError('broken', `${trackId}: no manifest`)
      return manifest
    })
  }

  /** The beginning of a rendition: its init segment and first fragment in one request where they lie together. */
  head(trackId: string, rendition: Rendition): Promise<ArrayBuffer> {
    const [start, initLength] = rendition.init
    const [offset, length] = rendition.segments[0]!
    const key = `${trackId} ${rendition.profile}`
    return remember(this.#heads, key, kept.heads, async () => {
      if (offset >= start + initLength && offset - start - initLength < 65_536) {
        const whole = await this.bytes(trackId, rendition, { offset: start, length: offset + length - start })
        return joined([whole.slice(0, initLength), whole.slice(offset - start)])
      }
      const init = this.bytes(trackId, rendition, { offset: start, length: initLength })
      return joined([await init, await this.bytes(trackId, rendition, { offset, length })])
    })
  }

  /** Waits as long as the network is lost. */
  async bytes(
    trackId: string,
    rendition: Rendition,
    range: Range,
    signal?: AbortSignal,
  ): Promise<ArrayBuffer> {
    const { offset, length } = range
    const headers = { range: `bytes=${offset}-${offset + length - 1}` }
    const urlOf = ({ manifestUrl }: Playable) => besideManifest(rendition.file, manifestUrl)
    return this.#patiently(async () => {
      const startedAt = performance.now()
      const response = await this.#ask(trackId, urlOf, { headers, ...(signal && { signal }) })
      const body = await response.arrayBuffer()
      const bytes = response.status === 206 ? body : body.slice(offset, offset + length)
      // A connection that broke in the middle may look like an end.
      if (bytes.byteLength !== length) throw new TypeError('short answer')
      this.#options.throughput.add(body.byteLength, (performance.now() - startedAt) / 1000)
      return bytes
    }, signal)
  }

  #fetch(trackId: string, urlOf: (track: Playable) => string): Promise<Response> {
    return this.#patiently(() => this.#ask(trackId, urlOf, {}))
  }

  async #ask(trackId: string, urlOf: (track: Playable) => string, init: RequestInit): Promise<Response> {
    const first = await fetch(urlOf(await this.track(trackId)), init)
    const isExpired = first.status === 401 || first.status === 403
    const response = isExpired
      ? await fetch(urlOf(await this.renew(trackId, init.signal ?? undefined)), init)
      : first
    if (response.ok) return response
    if (response.status >= 500 || response.status === 429) throw new Busy()
    throw new SourceError('gone', `${trackId}: ${response.status}`)
  }

  /** Again and again, waiting longer each time, or at once when the browser says that it is online again. */
  async #patiently<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    let refusals = 0
    for (let tries = 0; ; tries++) {
      signal?.throwIfAborted()
      try {
        const result = await work()
        this.#setOnline(true)
        return result
      } catch (error) {
        if (error instanceof SourceError || signal?.aborted) throw error
        if (error instanceof Busy && ++refusals >= patience) throw new SourceError('network', 'busy')
        // What is neither ours nor a lost connection is a mistake in `resolve`: the page's own errors of its API.
        if (!(error instanceof Busy || error instanceof TypeError))
          throw new SourceError('gone', String(error))
        if (error instanceof TypeError) this.#setOnline(false)
        await pause(Math.min(250 * 2 ** tries, longestWaitMs), signal)
      }
    }
  }

  #setOnline(isOnline: boolean): void {
    if (isOnline === this.#isOnline) return
    this.#isOnline = isOnline
    this.#options.onOnline(isOnline)
  }
}

class Busy extends Error {}

/** The signature of an address may be in its path or in its query; both hold for the file beside it. */
export function besideManifest(file: string, manifestUrl: string): string {
  const manifest = new URL(manifestUrl, location.href)
  const url = new URL(file, manifest)
  if (!url.search) url.search = manifest.search
  return url.href
}

/** One try for all who ask, forgotten when it fails; the oldest goes when there are too many. */
function remember<T>(
  map: Map<string, Promise<T>>,
  key: string,
  limit: number,
  make: () => Promise<T>,
): Promise<T> {
  const known = map.get(key)
  map.delete(key)
  const promise = known ?? make()
  map.set(key, promise)
  if (!known) promise.catch(() => map.get(key) === promise && map.delete(key))
  for (const oldest of map.keys()) {
    if (map.size <= limit) break
    map.delete(oldest)
  }
  return promise
}

export function joined(parts: ArrayBuffer[]): ArrayBuffer {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    whole.set(new Uint8Array(part), at)
    at += part.byteLength
  }
  return whole.buffer
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      removeEventListener('online', done)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    addEventListener('online', done)
    signal?.addEventListener('abort', done)
  })
}
