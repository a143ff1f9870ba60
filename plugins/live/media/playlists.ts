import type { LiveWindow, TrackWindow } from './live-windows.ts'
import { renderMedia, renderMultivariant, type TrackListing } from './playlist.ts'
import { Rendered } from './rendered.ts'
import type { IndexEntry, InitInfo } from './types.ts'

type Track = 'video' | 'audio'

/** Stands in a multivariant playlist where each request gets its own text. */
const MARK = '{v}'

/** A multivariant playlist with a hole for the viewer's id. */
export class MultivariantText {
  readonly #pieces: readonly string[]

  constructor(text: string) {
    this.#pieces = text.split(MARK)
  }

  /** Null for a player that is not to be counted. */
  forViewer(viewerId: string | null): Buffer {
    return Buffer.from(this.#pieces.join(viewerId === null ? '' : `?v=${viewerId}`))
  }
}

/** What a stream's live playlists say, rendered once for each change of its window. */
export class WindowPlaylists {
  readonly #window: LiveWindow
  #version = -1
  readonly #media: Record<Track, Rendered | null> = { video: null, audio: null }
  #multivariant: MultivariantText | null = null

  constructor(window: LiveWindow) {
    this.#window = window
  }

  media(track: Track): Rendered | null {
    this.#renew()
    const known = this.#media[track]
    const { segments } = this.#window[track]
    if (known !== null || segments.length === 0) return known
    const { targetDurationMs, isEnded } = this.#window
    const entries = segments.map((segment) => segment.entry)
    const rendered = new Rendered(renderMedia({ targetDurationMs, entries, kind: 'live', isEnded }))
    this.#media[track] = rendered
    return rendered
  }

  multivariant(): MultivariantText {
    this.#renew()
    if (this.#multivariant !== null) return this.#multivariant
    const { video, audio } = this.#window
    const text = renderMultivariant(listingOf('video', video), listingOf('audio', audio))
    this.#multivariant = new MultivariantText(text)
    return this.#multivariant
  }

  #renew(): void {
    if (this.#version === this.#window.version) return
    this.#version = this.#window.version
    this.#media.video = null
    this.#media.audio = null
    this.#multivariant = null
  }
}

function listingOf(track: Track, window: TrackWindow): TrackListing | null {
  const entries = window.segments.map((segment) => segment.entry)
  return trackListing(entries, [...window.inits.values()], `${track}.m3u8${MARK}`)
}

/** Null when the track has no segment; the codec is that of the newest one. */
function trackListing(entries: IndexEntry[], inits: readonly InitInfo[], uri: string): TrackListing | null {
  const last = entries.at(-1)
  const init = inits.find(({ initId }) => initId === last?.initId)
  return init === undefined ? null : { init, entries, uri }
}

/** A multivariant playlist from what is on disk; `suffix` tells the replay's playlists from the live ones. */
export function storedMultivariant(
  entries: readonly IndexEntry[],
  inits: readonly InitInfo[],
  suffix: '' | '-replay',
): string {
  const [video, audio] = (['video', 'audio'] as const).map((track) => {
    const own = entries.filter((entry) => entry.track === track)
    const mark = suffix === '' ? MARK : ''
    const ownInits = inits.filter((init) => init.track === track)
    return trackListing(own, ownInits, `${track}${suffix}.m3u8${mark}`)
  })
  return renderMultivariant(video ?? null, audio ?? null)
}
