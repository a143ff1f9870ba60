import type { LiveWindow, RenditionKey } from './live-window.ts'
import { type RenditionReport, renderLowLatency } from './low-latency.ts'
import { renderMedia, renderMultivariant, type TrackListing } from './playlist.ts'
import { Rendered } from './rendered.ts'
import type { TrackWindow } from './track-window.ts'
import type { IndexEntry, InitInfo } from './types.ts'

/** Stands in a multivariant playlist where each request gets its own text. */
const MARK = '{v}'
const VARIANT = /#EXT-X-STREAM-INF:.*\n.*\n/g

/** A multivariant playlist with a hole for the viewer's id. */
export class MultivariantText {
  readonly #pieces: readonly string[]

  constructor(text: string) {
    this.#pieces = text.split(MARK)
  }

  /** With the pictures of one height alone, as players that choose by themselves cannot be told; all where it has none. */
  only(height: number): MultivariantText {
    const text = this.#pieces.join(MARK)
    const isOther = (variant: string) => Number(/RESOLUTION=\d+x(\d+)/.exec(variant)?.[1]) !== height
    const others = (text.match(VARIANT) ?? []).filter(isOther)
    const rest = others.reduce((left, variant) => left.replace(variant, ''), text)
    return rest.includes('#EXT-X-STREAM-INF') ? new MultivariantText(rest) : this
  }

  /** Null for a player that is not to be counted. */
  forViewer(viewerId: string | null): Buffer {
    return Buffer.from(this.#pieces.join(viewerId === null ? '' : `?v=${viewerId}`))
  }
}

/** Multivariant playlists of a live stream: of the low-latency playlists, of the plain ones, of the sound alone. */
export type LiveKind = 'index' | 'plain' | 'sound'
/** Forms of a media playlist: low-latency whole or what changed, and without parts. */
export type MediaForm = 'whole' | 'delta' | 'plain'

/** What a stream's live playlists say, rendered once for each change of what they show. */
export class WindowPlaylists {
  readonly #window: LiveWindow
  #version = -1
  readonly #media = new Map<string, { state: string; rendered: Rendered }>()
  readonly #multivariants = new Map<LiveKind, MultivariantText>()
  /** How often a media playlist was rendered. */
  renders = 0

  constructor(window: LiveWindow) {
    this.#window = window
  }

  /** Null when that rendition has no whole segment. */
  media(key: RenditionKey, form: MediaForm): Rendered | null {
    const { isEnded, take, partTargetMs, titlesVersion } = this.#window
    const track = this.#window.rendition(key)
    if (track === undefined || track.segments.length === 0) return null
    const state = `${track.version} ${isEnded} ${take} ${titlesVersion}`
    const name = `${key} ${partTargetMs === null ? 'plain' : form}`
    const known = this.#media.get(name)
    if (known?.state === state) return known.rendered
    const rendered = new Rendered(this.#render(key, track, form))
    this.#media.set(name, { state, rendered })
    return rendered
  }

  multivariant(kind: LiveKind): MultivariantText {
    if (this.#version !== this.#window.version) this.#multivariants.clear()
    this.#version = this.#window.version
    const known = this.#multivariants.get(kind)
    if (known !== undefined) return known
    const text = new MultivariantText(this.#listing(kind))
    this.#multivariants.set(kind, text)
    return text
  }

  #listing(kind: LiveKind): string {
    const suffix = kind === 'plain' ? '-plain' : ''
    const { video, audio, offers, rungs: windows } = this.#window
    const rungs = offers.map((offer) => {
      const entries = windows.get(offer.height)?.segments.map((segment) => segment.entry) ?? []
      return { offer, entries, uri: `video-${offer.height}${suffix}.m3u8${MARK}` }
    })
    const sound = listingOf(audio, `audio${suffix}.m3u8${MARK}`)
    if (kind === 'sound') return renderMultivariant({ video: null, audio: sound })
    return renderMultivariant({ video: listingOf(video, `video${suffix}.m3u8${MARK}`), audio: sound, rungs })
  }

  #render(key: RenditionKey, window: TrackWindow, form: MediaForm): string {
    this.renders++
    const { targetDurationMs, partTargetMs, take, isEnded } = this.#window
    const track = key === 'audio' ? 'audio' : 'video'
    const rung = typeof key === 'number' ? key : undefined
    const songs = this.#window.songs()
    if (form === 'plain' || partTargetMs === null) {
      const entries = window.segments.map((segment) => segment.entry)
      return renderMedia({ targetDurationMs, entries, kind: 'live', isEnded, rung, songs })
    }
    const listing = { track, rung, window, targetDurationMs, partTargetMs, take, isEnded, songs } as const
    return renderLowLatency({ ...listing, reports: this.#reportsBeside(key) }, form === 'delta')
  }

  /** Where the renditions end that a player may change to. */
  #reportsBeside(key: RenditionKey): RenditionReport[] {
    const others: RenditionKey[] = ['video', 'audio', ...this.#window.rungs.keys()]
    return others.flatMap((other) => {
      const track = other === key ? undefined : this.#window.rendition(other)
      const last = track?.last ?? null
      if (track === undefined || last === null || track.segments.length === 0 || track.isClosed) return []
      return [{ uri: typeof other === 'number' ? `video-${other}.m3u8` : `${other}.m3u8`, last }]
    })
  }
}

function listingOf(window: TrackWindow, uri: string): TrackListing | null {
  const entries = window.segments.map((segment) => segment.entry)
  return trackListing(entries, [...window.inits.values()], uri)
}

/** Null when the track has no segment; the codec is that of the newest one. */
function trackListing(entries: IndexEntry[], inits: readonly InitInfo[], uri: string): TrackListing | null {
  const last = entries.at(-1)
  const init = inits.find(({ initId }) => initId === last?.initId)
  return init === undefined ? null : { init, entries, uri }
}

/**
 * A multivariant playlist of the tracks that entries from the disk are of; `suffix` tells the replay's playlists and
 * those without parts from the others.
 */
export function storedMultivariant(
  entries: readonly IndexEntry[],
  inits: readonly InitInfo[],
  suffix: '' | '-plain' | '-replay',
): string {
  const mark = suffix === '-replay' ? '' : MARK
  const [video, audio] = (['video', 'audio'] as const).map((track) => {
    const own = entries.filter((entry) => entry.track === track)
    const ownInits = inits.filter((init) => init.track === track)
    return trackListing(own, ownInits, `${track}${suffix}.m3u8${mark}`)
  })
  return renderMultivariant({ video: video ?? null, audio: audio ?? null })
}
