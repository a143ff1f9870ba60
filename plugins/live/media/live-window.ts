import { type DatedSong, dateOf, type SongMark } from './song-tags.ts'
import { type LiveInit, TrackWindow } from './track-window.ts'
import type { FeedMessage, RungOffer } from './types.ts'

/** The last song titles that are kept. */
const KEPT_TITLES = 100

/** Pictures, sound, or a lower rendition of the pictures by its height. */
export type RenditionKey = 'video' | 'audio' | number

/** What a message changed: `segment` also for lists that show whole segments alone, null for nothing to see. */
export type Change = 'part' | 'segment' | null

type Message<T extends FeedMessage['type']> = Extract<FeedMessage, { type: T }>

/** The hot window of one stream as the web side holds it. */
export class LiveWindow {
  readonly streamId: string
  targetDurationMs = 0
  /** Null where playlists list no parts. */
  partTargetMs: number | null = null
  /** Part of the names of parts. */
  take = 0
  windowMs = 0
  isEnded = false
  /** Grows with every whole segment and with the end. */
  version = 0
  changedAtMs = Date.now()
  readonly video = new TrackWindow()
  readonly audio = new TrackWindow()
  /** Lower renditions, by height. */
  readonly rungs = new Map<number, TrackWindow>()
  /** Those that may be asked for. */
  offers: readonly RungOffer[] = []
  /** The last songs by where they begin on the stream's timeline. */
  titles: SongMark[] = []
  /** Grows with every title. */
  titlesVersion = 0
  /** Dates that playlists gave to songs, which stay when the segments that say so are gone. */
  readonly #dates = new WeakMap<SongMark, number>()

  constructor(streamId: string) {
    this.streamId = streamId
  }

  get hasSegments(): boolean {
    return this.video.segments.length + this.audio.segments.length > 0
  }

  rendition(key: RenditionKey): TrackWindow | undefined {
    return typeof key === 'number' ? this.rungs.get(key) : this[key]
  }

  apply(message: Exclude<FeedMessage, { type: 'end' }>, body: Buffer): Change {
    switch (message.type) {
      case 'open':
        return this.#reopen(message)
      case 'init':
        this.#trackOf(message).inits.set(message.initId, initOf(message, body))
        return null
      case 'part':
        return this.#addPart(message, body)
      case 'segment':
        return this.#finish(message)
      case 'rungs':
        this.offers = message.rungs
        return 'segment'
      case 'rung-closed':
        this.rungs.get(message.rung)?.close()
        return 'part'
      case 'title':
        this.#addTitle(message.title, message.atMs)
        return null
      default:
        // From a newer ingest process: nothing that this one shows.
        return null
    }
  }

  #reopen(message: Message<'open'>): Change {
    const isSame = this.take === message.take || this.targetDurationMs === 0
    this.targetDurationMs = message.targetDurationMs
    this.partTargetMs = message.partTargetMs
    this.windowMs = message.windowMs
    this.take = message.take
    this.isEnded = false
    if (isSame) return null
    // What the process before left unfinished comes anew, and so do renditions.
    this.rungs.clear()
    this.offers = []
    this.video.dropUnfinished()
    this.audio.dropUnfinished()
    return 'segment'
  }

  #addPart(message: Message<'part'>, body: Buffer): Change {
    const { seq, at, initId, run, startMs, part, isLast, durationMs, isIndependent } = message
    const head = { seq, at, initId, run, startMs }
    const arrived = { head, part, isLast, durationMs, isIndependent, body }
    return this.#trackOf(message).addPart(arrived) ? 'part' : null
  }

  #finish(message: Message<'segment'>): Change {
    const track = this.#trackOf({ track: message.entry.track, rung: message.rung })
    if (!track.finish(message.entry, message.isStored)) return null
    track.trim(this.windowMs, this.targetDurationMs)
    return 'segment'
  }

  #trackOf({ track, rung }: { track: 'video' | 'audio'; rung?: number | undefined }): TrackWindow {
    if (rung === undefined) return this[track]
    const known = this.rungs.get(rung)
    if (known !== undefined) return known
    const created = new TrackWindow()
    this.rungs.set(rung, created)
    return created
  }

  /** The songs with their dates, the same in every rendition. */
  songs(): DatedSong[] {
    if (this.titles.length === 0) return []
    const { segments, unfinished } = this.video.segments.length > 0 ? this.video : this.audio
    const heads = [...segments.map(({ entry }) => entry), ...(unfinished === null ? [] : [unfinished.head])]
    return this.titles.flatMap((song) => {
      const dateMs = this.#dates.get(song) ?? dateOf(song.atMs, heads)
      if (dateMs === null) return []
      this.#dates.set(song, dateMs)
      return [{ ...song, dateMs }]
    })
  }

  /** Who reconnects hears the last ones again. */
  #addTitle(title: string, atMs: number): void {
    const same = this.titles.find((known) => known.atMs === atMs)
    if (same?.title === title) return
    const others = this.titles.filter((known) => known !== same)
    this.titles = [...others, { title, atMs }].sort((a, b) => a.atMs - b.atMs).slice(-KEPT_TITLES)
    this.titlesVersion++
  }
}

function initOf(message: Message<'init'>, body: Buffer): LiveInit {
  const { type: _type, streamId: _streamId, rung: _rung, ...info } = message
  return { ...info, body }
}
