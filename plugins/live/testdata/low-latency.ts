import HLS from 'hls-parser'
import * as assert from 'uvu/assert'
import { encodeFrame, type FeedFrame } from '../media/feed-frame.ts'
import { HotWindow } from '../media/hot-window.ts'
import { LiveWindow } from '../media/live-window.ts'
import type { FeedMessage, IndexEntry, SegmentHead } from '../media/types.ts'

HLS.setOptions({ strictMode: true })

/** A segment as a player understands it. */
export interface Listed {
  seq: number
  uri: string
  durationMs: number
  at: string
  map: string
  /** Discontinuity sequence. */
  run: number
}

export interface LowLatency {
  mediaSequence: number
  skipped: number
  segments: Listed[]
  /** Names of the parts behind the last whole segment. */
  unfinished: string[]
  hint: string | null
  isEnded: boolean
  /** Names of all listed parts. */
  parts: string[]
}

interface Block {
  parts: { uri: string; ms: number }[]
  ms: number
}

const PART = /^#EXT-X-PART:DURATION=([\d.]+),URI="([^"]+)"(,INDEPENDENT=YES)?$/
const PART_NAME = /^(?:[va]|v\d+-)(\d+)\.(\d+)(?:\.\d+)?\.m4s$/

/**
 * Reads a low-latency media playlist as a player would, strictly, and checks what a parser does not (RFC 8216bis).
 * For a delta update give what the player had. Where a publisher's frames are missing for longer than a part may last
 * (`hasGaps`), the parts of a segment do not add up to it.
 */
export function checkLowLatency(text: string, had?: LowLatency, hasGaps = false): LowLatency {
  HLS.parse(text)
  const lines = text.trimEnd().split('\n')
  const number = (pattern: RegExp) => Number(pattern.exec(text)?.[1] ?? Number.NaN)
  const targetMs = number(/#EXT-X-TARGETDURATION:(\d+)/) * 1000
  const partTargetMs = number(/PART-TARGET=([\d.]+)/) * 1000
  const skipped = number(/SKIPPED-SEGMENTS=(\d+)/) || 0
  const mediaSequence = number(/#EXT-X-MEDIA-SEQUENCE:(\d+)/)
  assert.ok(number(/PART-HOLD-BACK=([\d.]+)/) * 1000 >= 3 * partTargetMs - 0.001)
  assert.ok(number(/CAN-SKIP-UNTIL=([\d.]+)/) * 1000 >= 6 * targetMs)
  const known = had?.segments.filter((one) => one.seq >= mediaSequence).slice(0, skipped) ?? []
  assert.is(known.length, skipped, 'a player has what it may skip')
  const reading = new Reading(mediaSequence + skipped, {
    map: known.at(-1)?.map ?? '',
    run: known.at(-1)?.run ?? number(/#EXT-X-DISCONTINUITY-SEQUENCE:(\d+)/),
  })
  for (const line of lines) reading.line(line)
  const { segments, open, hint, isEnded, blocks } = reading
  checkParts([...blocks, open], { partTargetMs, targetMs }, hasGaps)
  if (skipped > 0) assert.ok(lengthOf([...blocks, open]) >= 6 * targetMs, 'only what is old is skipped')
  checkHint(reading)
  const parts = [...blocks, open].flatMap((block) => block.parts.map((part) => part.uri))
  const unfinished = open.parts.map((part) => part.uri)
  return { mediaSequence, skipped, segments: [...known, ...segments], unfinished, hint, isEnded, parts }
}

/** A media playlist, read line by line. */
class Reading {
  readonly segments: Listed[] = []
  readonly blocks: Block[] = []
  open: Block = { parts: [], ms: 0 }
  hint: string | null = null
  isEnded = false
  seq: number
  #state: { map: string; run: number }
  #at = ''

  constructor(seq: number, state: { map: string; run: number }) {
    this.seq = seq
    this.#state = { ...state }
  }

  line(line: string): void {
    const part = PART.exec(line)
    if (part !== null) this.#part(Number(part[1]) * 1000, part[2]!)
    else if (line === '#EXT-X-DISCONTINUITY') this.#state.run++
    else if (line.startsWith('#EXT-X-MAP')) this.#state.map = /URI="([^"]+)"/.exec(line)![1]!
    else if (line.startsWith('#EXT-X-PROGRAM-DATE-TIME:')) this.#date(line.slice(25))
    else if (line.startsWith('#EXTINF:')) this.open.ms = Number.parseFloat(line.slice(8)) * 1000
    else if (line === '#EXT-X-ENDLIST') this.isEnded = true
    else if (line.startsWith('#EXT-X-PRELOAD-HINT')) this.hint = /URI="([^"]+)"/.exec(line)![1]!
    else if (!line.startsWith('#')) this.#segment(line)
  }

  #date(at: string): void {
    assert.ok(this.#at <= at, 'dates never go back')
    this.#at = at
  }

  #part(ms: number, uri: string): void {
    assert.is(this.hint, null)
    const [, seq, part] = PART_NAME.exec(uri)!
    assert.is(Number(seq), this.seq, `${uri} belongs to ${this.seq}`)
    assert.is(Number(part), this.open.parts.length, `${uri} follows the part before`)
    assert.ok(this.#state.map !== '')
    this.open.parts.push({ uri, ms })
  }

  #segment(uri: string): void {
    assert.match(uri, new RegExp(`^(v|a|v\\d+-)${this.seq}\\.m4s$`))
    this.segments.push({ seq: this.seq++, uri, durationMs: this.open.ms, at: this.#at, ...this.#state })
    this.blocks.push(this.open)
    this.open = { parts: [], ms: 0 }
  }
}

function lengthOf(blocks: readonly Block[]): number {
  return blocks.reduce(
    (sum, block) => sum + (block.ms || block.parts.reduce((ms, part) => ms + part.ms, 0)),
    0,
  )
}

function checkParts(
  blocks: readonly Block[],
  { partTargetMs, targetMs }: Record<string, number>,
  hasGaps: boolean,
): void {
  for (const [i, { parts, ms }] of blocks.entries()) {
    const isWhole = i < blocks.length - 1
    if (parts.length === 0) continue
    assert.ok(lengthOf(blocks.slice(i)) <= 3 * targetMs! + 0.01, 'parts only near the end')
    for (const part of parts.slice(0, -1))
      assert.ok(part.ms >= partTargetMs! * 0.85, `${part.uri} ${part.ms}`)
    for (const part of parts) assert.ok(part.ms <= partTargetMs! + 0.01, `${part.uri} ${part.ms}`)
    const listed = parts.reduce((sum, part) => sum + part.ms, 0)
    const lackMs = ms - listed
    if (isWhole) assert.ok(lackMs > -0.01 && (hasGaps || lackMs < 0.01), `parts of ${listed} in ${ms}`)
  }
}

function checkHint({ hint, isEnded, open, seq }: Reading): void {
  assert.is(hint === null, isEnded, 'what goes on tells its next part')
  if (hint === null) return
  const [, hintSeq, hintPart] = PART_NAME.exec(hint)!
  const isSame = Number(hintSeq) === seq && Number(hintPart) === open.parts.length
  const isNext = open.parts.length > 0 && Number(hintSeq) === seq + 1 && Number(hintPart) === 0
  assert.ok(isSame || isNext, `${hint} after ${seq}.${open.parts.length}`)
}

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
