import { encodeFrame, type FeedFrame } from '../media/feed-frame.ts'
import { HotWindow } from '../media/hot-window.ts'
import { LiveWindow } from '../media/live-window.ts'
import type { FeedMessage, IndexEntry, SegmentHead } from '../media/types.ts'

const STEP_MS = 333

/** One track of a stream that is played by hand. */
interface Played {
  seq: number
  initId: number
  parts: number
  sizeBytes: number
  durationMs: number
  head: SegmentHead | null
}

/** Says on a feed what a stream's ingest would say, and shows what a web process makes of it. */
export class PlayedStream {
  readonly id: string
  window: LiveWindow
  take = 0
  readonly #targetDurationMs: number
  #run = 0
  #hot = new HotWindow()
  readonly #publish: (message: FeedMessage, body?: Buffer) => void
  readonly #tracks = new Map<string, Played>()

  /** What is said goes to a window of its own, or where `publish` takes it. */
  constructor(
    id = 'played',
    publish?: (message: FeedMessage, body?: Buffer) => void,
    targetDurationMs = 2_000,
  ) {
    this.id = id
    this.#targetDurationMs = targetDurationMs
    this.window = new LiveWindow(id)
    this.#publish = publish ?? ((message, body) => this.#show(message, body))
    this.open()
  }

  open(): void {
    const targets = { targetDurationMs: this.#targetDurationMs, windowMs: 30_000, partTargetMs: 350 }
    this.#publish({ type: 'open', streamId: this.id, take: this.take, ...targets })
    for (const track of this.#tracks.keys()) this.#init(track)
  }

  /** The next part of a track (`video`, `audio`, or a height). */
  part(track: string, options: { isLast?: boolean; body?: Buffer } = {}): void {
    const { isLast = false, body = Buffer.from(`${track} ${Math.random()}`) } = options
    const played = this.#played(track)
    played.head ??= {
      seq: played.seq,
      at: new Date(1_700_000_000_000 + played.seq * 2_000 + this.#run * 100).toISOString(),
      initId: played.initId,
      run: this.#run,
      startMs: played.seq * 2_000,
    }
    const durationMs = isLast ? 200 : STEP_MS
    const place = { part: played.parts++, durationMs, isIndependent: played.parts === 1, isLast }
    this.#publish({ type: 'part', streamId: this.id, ...kindOf(track), ...played.head, ...place }, body)
    played.sizeBytes += body.length
    played.durationMs += durationMs
  }

  /** The segment is whole, after one more part where it has none. */
  finish(track: string, isStored = true): void {
    const played = this.#played(track)
    if (played.head === null) this.part(track)
    const { head, durationMs, sizeBytes } = played
    const flags = { isDiscontinuity: false, isIndependent: true }
    const { rung, track: kind } = kindOf(track)
    const entry: IndexEntry = { track: kind, ...head!, durationMs, sizeBytes, ...flags }
    const place = rung === undefined ? { isStored } : { isStored: false, rung }
    this.#publish({ type: 'segment', streamId: this.id, entry, ...place })
    this.#tracks.set(track, {
      ...played,
      seq: played.seq + 1,
      parts: 0,
      sizeBytes: 0,
      durationMs: 0,
      head: null,
    })
  }

  /** A whole segment with that many parts. */
  segment(track: string, parts = 6): void {
    for (let i = 1; i < parts; i++) this.part(track)
    this.part(track, { isLast: true })
    this.finish(track)
  }

  /** The publisher went and came back, with other settings or the same. */
  interrupt(hasNewSettings: boolean): void {
    for (const [track, played] of this.#tracks) if (played.head !== null) this.finish(track)
    this.#run++
    if (!hasNewSettings) return
    for (const [track, played] of this.#tracks) {
      this.#tracks.set(track, { ...played, initId: played.initId + 1 })
      this.#init(track)
    }
  }

  /** The ingest process died: unfinished segments are lost, another process goes on. */
  restart(): void {
    this.take++
    this.#run++
    this.#hot = new HotWindow()
    for (const track of [...this.#tracks.keys()]) {
      const played = this.#played(track)
      if (kindOf(track).rung !== undefined) this.#tracks.delete(track)
      else this.#tracks.set(track, { ...played, parts: 0, sizeBytes: 0, durationMs: 0, head: null })
    }
    this.open()
  }

  end(): void {
    for (const [track, played] of this.#tracks) if (played.head !== null) this.finish(track)
    this.#publish({ type: 'end', streamId: this.id })
    this.window.isEnded = true
  }

  say(message: FeedMessage): void {
    this.#publish(message)
  }

  /** All that a late joiner is told, to a window. */
  retell(window: LiveWindow): void {
    for (const frame of this.#hot.frames()) applyFrame(window, frame)
  }

  #played(track: string): Played {
    const known = this.#tracks.get(track)
    if (known !== undefined) return known
    // Renditions go along with the pictures.
    const seq = kindOf(track).rung === undefined ? 0 : (this.#tracks.get('video')?.seq ?? 0)
    const created = { seq, initId: 0, parts: 0, sizeBytes: 0, durationMs: 0, head: null }
    this.#tracks.set(track, created)
    this.#init(track)
    return created
  }

  #init(track: string): void {
    const { initId } = this.#tracks.get(track)!
    const kind = kindOf(track)
    const codec = kind.track === 'video' ? 'avc1.64001f' : 'mp4a.40.2'
    const info = { initId, codec, bitrate: 1_000_000 }
    this.#publish({ type: 'init', streamId: this.id, ...kind, ...info }, Buffer.from('init'))
  }

  #show(message: FeedMessage, body: Buffer = Buffer.alloc(0)): void {
    if (message.type === 'end') return
    this.#hot.take(message, encodeFrame(message, body))
    this.window.apply(message, body)
  }
}

function kindOf(track: string): { track: 'video' | 'audio'; rung?: number } {
  if (track === 'video' || track === 'audio') return { track }
  return { track: 'video', rung: Number(track) }
}

function applyFrame(window: LiveWindow, frame: FeedFrame): void {
  const message = JSON.parse(frame.head.subarray(8).toString()) as FeedMessage
  if (message.type !== 'end') window.apply(message, frame.body ?? Buffer.alloc(0))
}
