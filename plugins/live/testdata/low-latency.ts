import HLS from 'hls-parser'
import * as assert from 'uvu/assert'

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
    // Playlists round each part to a hundredth of a millisecond.
    const slackMs = 0.01 * Math.max(1, parts.length)
    if (isWhole) assert.ok(lackMs > -slackMs && (hasGaps || lackMs < slackMs), `parts of ${listed} in ${ms}`)
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
