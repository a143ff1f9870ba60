import * as assert from 'uvu/assert'
import type { RenditionKey } from '../../plugins/live/media/live-window.ts'
import { checkMedia, type Stage } from '../../plugins/live/media/test-kit.ts'
import type { FeedMessage } from '../../plugins/live/media/types.ts'
import { checkLowLatency, type LowLatency } from '../../plugins/live/testdata/low-latency.ts'

/** Bytes of a fragment in front of the number of its samples (moof, mfhd, traf, tfhd, tfdt, head of trun). */
const countAt = 84

/**
 * Holds each state of a stream's live playlists, with parts and without, against the rules, as players see them that
 * follow by whole lists and by what changed; counts the frames that come.
 */
export class ListWatch {
  /** By `video`, `audio`, or the height of a lower rendition. */
  readonly frames: Record<string, number> = {}
  states = 0
  /** What was wrong first. */
  #fault: unknown = null
  readonly #had = new Map<RenditionKey, LowLatency>()
  readonly #stage: Stage
  readonly #id: string
  readonly #stops: (() => void)[]

  readonly #hasGaps: boolean

  /** `hasGaps` where the publisher's frames are missing for longer than a part lasts. */
  constructor(stage: Stage, id: string, hasGaps = false) {
    this.#stage = stage
    this.#hasGaps = hasGaps
    this.#id = id
    this.#stops = [
      stage.windows.onPart((streamId) => {
        if (streamId === id) this.#look()
      }),
      stage.windows.onMessage((message, body) => this.#count(message, body)),
    ]
  }

  /** Throws what was found; call it at the end. */
  stop(): void {
    for (const stop of this.#stops) stop()
    if (this.#fault !== null) throw this.#fault
  }

  #count(message: FeedMessage, body: Buffer): void {
    if (message.type !== 'part' || message.streamId !== this.#id) return
    const name = String(message.rung ?? message.track)
    this.frames[name] = (this.frames[name] ?? 0) + body.readUInt32BE(countAt)
  }

  #look(): void {
    const window = this.#stage.windows.find(this.#id)
    if (!window || this.#fault !== null) return
    this.states++
    try {
      for (const key of ['video', 'audio', ...window.rungs.keys()] as const) this.#check(key)
    } catch (error) {
      this.#fault = error
    }
  }

  #check(key: RenditionKey): void {
    const window = this.#stage.windows.find(this.#id)!
    const lists = this.#stage.handler.live.playlistsOf(window)
    const text = (form: 'whole' | 'delta' | 'plain') => lists.media(key, form)?.plain.toString()
    const [whole, plain] = [text('whole'), text('plain')]
    if (whole === undefined || plain === undefined) return
    checkMedia(plain)
    const now = checkLowLatency(whole, undefined, this.#hasGaps)
    const before = this.#had.get(key)
    // A player that is too far behind asks for all of it.
    if (before && now.mediaSequence <= before.segments.at(-1)!.seq)
      assert.equal(checkLowLatency(text('delta')!, before, this.#hasGaps).segments, now.segments)
    if (before && typeof key === 'string')
      assert.ok(now.mediaSequence >= before.mediaSequence, `${key}: the sequence never goes back`)
    this.#had.set(key, now)
  }
}
