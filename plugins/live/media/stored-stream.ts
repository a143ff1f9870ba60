import { cutChanges, cutMark, readCut } from '../replays/cut-file.ts'
import { keptEntries, leadingTrack, type Stretch } from '../replays/kept.ts'
import { countExpired } from './hot-window.ts'
import { IndexReader } from './index-reader.ts'
import { renderMedia } from './playlist.ts'
import { type LiveKind, MultivariantText, storedMultivariant } from './playlists.ts'
import { Rendered } from './rendered.ts'
import { type DatedSong, dateSongs, type SongMark } from './song-tags.ts'
import { readMeta, type StreamMeta } from './stream-files.ts'
import type { IndexEntry } from './types.ts'

type Track = 'video' | 'audio'

const BOTH = ['video', 'audio'] as const
const SOUND = ['audio'] as const

/** How old an answer from a growing folder may be, and one from an ended stream's. */
const GROWING_MS = 1_000
const ENDED_MS = 5_000

/** A stream's playlists from its folder: replays, DVR, and live ones while memory has none. */
export class StoredStream {
  readonly #dir: string
  readonly #index: IndexReader
  #meta: StreamMeta | null = null
  #cut: Stretch | null = null
  #checkedAtMs = 0
  #seenCuts = 0
  #refreshing: Promise<void> | null = null
  #songs: readonly SongMark[] = []
  readonly #rendered = new Map<string, Rendered>()
  readonly #multivariants = new Map<LiveKind, MultivariantText>()

  constructor(dir: string) {
    this.#dir = dir
    this.#index = new IndexReader(dir)
  }

  get isEnded(): boolean {
    return this.#meta !== null && this.#meta.endedAt !== null
  }

  /** Reads what was added since; all requests of a moment share one read. */
  async refresh(): Promise<void> {
    const maxAgeMs = this.isEnded ? ENDED_MS : GROWING_MS
    if (Date.now() - this.#checkedAtMs < maxAgeMs && this.#seenCuts === cutChanges()) return
    this.#refreshing ??= this.#read().finally(() => {
      this.#refreshing = null
    })
    await this.#refreshing
  }

  /** What its playlists say was played; the array of before changes nothing. */
  set songs(songs: readonly SongMark[]) {
    if (songs === this.#songs) return
    this.#songs = songs
    this.#rendered.clear()
  }

  /** All that is shown, as EVENT while more comes and as VOD after the end; null without the track. */
  replay(track: Track): Rendered | null {
    // Where the oldest are given up while more comes, it slides as any live playlist.
    const isSliding = this.#meta?.isSliding ?? false
    const kind = this.isEnded ? 'vod' : isSliding ? 'live' : 'event'
    const shown = keptEntries(this.#index.entries, this.#cut).filter((entry) => entry.track === track)
    return this.#render(`${track}-replay`, shown, kind)
  }

  /** The last window, as a live playlist. */
  live(track: Track): Rendered | null {
    return this.#render(track, this.#recent(track), 'live')
  }

  /** Null when there is nothing to play. */
  replayMultivariant(tracks: readonly Track[] = BOTH): Rendered | null {
    const shown = keptEntries(this.#index.entries, this.#cut)
    const entries = shown.filter((entry) => tracks.includes(entry.track))
    if (this.#meta === null || entries.length === 0) return null
    const { inits } = this.#meta
    return this.#remember(`replay ${tracks}`, () => {
      const text = storedMultivariant(entries, inits, '-replay')
      return text.replaceAll('-replay.m3u8', `-replay.m3u8${cutMark(this.#cut)}`)
    })
  }

  /** Null when there is nothing to play. */
  liveMultivariant(kind: LiveKind): MultivariantText | null {
    const recent = (kind === 'sound' ? SOUND : BOTH).flatMap((track) => this.#recent(track))
    if (this.#meta === null || recent.length === 0) return null
    const suffix = kind === 'plain' ? '-plain' : ''
    const text =
      this.#multivariants.get(kind) ??
      new MultivariantText(storedMultivariant(recent, this.#meta.inits, suffix))
    this.#multivariants.set(kind, text)
    return text
  }

  async #read(): Promise<void> {
    const wasEnded = this.isEnded
    const seenCuts = cutChanges()
    const [meta, hasMore, cut] = await Promise.all([
      readMeta(this.#dir),
      this.#index.refresh(),
      readCut(this.#dir),
    ])
    const isCutAnew = cutMark(cut) !== cutMark(this.#cut)
    this.#meta = meta
    this.#cut = cut
    this.#seenCuts = seenCuts
    this.#checkedAtMs = Date.now()
    if (!hasMore && !isCutAnew && wasEnded === this.isEnded) return
    this.#rendered.clear()
    this.#multivariants.clear()
  }

  #entriesOf(track: Track): IndexEntry[] {
    return this.#index.entries.filter((entry) => entry.track === track)
  }

  /** What a player may expect of a live playlist: the last window, in numbers without gaps. */
  #recent(track: Track): IndexEntry[] {
    const own = this.#entriesOf(track)
    const expired = countExpired(own, this.#meta?.windowMs ?? 0, this.#meta?.targetDurationMs ?? 0)
    const recent = own.slice(expired)
    const afterGap = recent.findLastIndex((entry, i) => i > 0 && entry.seq !== recent[i - 1]!.seq + 1)
    return recent.slice(Math.max(afterGap, 0))
  }

  #render(key: string, entries: IndexEntry[], kind: 'live' | 'event' | 'vod'): Rendered | null {
    const targetDurationMs = this.#meta?.targetDurationMs ?? null
    if (targetDurationMs === null || entries.length === 0) return null
    const { isEnded } = this
    return this.#remember(key, () => {
      return renderMedia({ targetDurationMs, entries, kind, isEnded, songs: this.#datedSongs() })
    })
  }

  /** By the track that players take their time from, so that all playlists say the same. */
  #datedSongs(): DatedSong[] {
    if (this.#songs.length === 0) return []
    const { entries } = this.#index
    const lead = leadingTrack(entries)
    return dateSongs(
      this.#songs,
      entries.filter(({ track }) => track === lead),
    )
  }

  #remember(key: string, text: () => string): Rendered {
    const known = this.#rendered.get(key)
    if (known !== undefined) return known
    const rendered = new Rendered(text())
    this.#rendered.set(key, rendered)
    return rendered
  }
}

/** Streams asked for lately, the longest unused forgotten first. */
export class StoredStreams {
  readonly #streams = new Map<string, StoredStream>()
  readonly #limit = 64

  async get(dir: string): Promise<StoredStream> {
    const stream = this.#streams.get(dir) ?? new StoredStream(dir)
    this.#streams.delete(dir)
    this.#streams.set(dir, stream)
    const [oldest] = this.#streams.keys()
    if (this.#streams.size > this.#limit && oldest !== undefined) this.#streams.delete(oldest)
    await stream.refresh()
    return stream
  }
}
