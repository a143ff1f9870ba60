import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { checkLowLatency, type LowLatency } from '../../plugins/live/testdata/low-latency.ts'

/** Bytes of a fragment in front of the number of its samples (moof, mfhd, traf, tfhd, tfdt, head of trun). */
const countAt = 84
const namePattern = /^[va](\d+)\./

/**
 * A player by hand: follows one low-latency list by blocking requests, checks every answer against the rules, fetches
 * each part once (and segments of which it has none), and tries again where it gets none, as players do.
 */
export class PartViewer {
  /** Frames of what it got, by the number of the segment and the name. */
  readonly #got = new Map<number, Map<string, number>>()
  /** How many parts it got. */
  parts = 0
  /** Answers that were no list, by status; 0 where nobody answered. */
  readonly refusals: Record<number, number> = {}
  list: LowLatency | null = null
  /** What broke the rules first. */
  fault: unknown = null
  isEnded = false
  readonly #address: () => string | Promise<string>
  readonly #track: 'video' | 'audio'
  readonly #running: Promise<void>
  #isStopped = false
  readonly #leaving = new AbortController()
  #index: string | null = null
  /** Which it is counted by. */
  readonly #id = randomUUID().slice(0, 18)

  /** `address` of the multivariant list; asked for again where the one before is good no more. */
  constructor(address: () => string | Promise<string>, track: 'video' | 'audio' = 'video') {
    this.#address = address
    this.#track = track
    this.#running = this.#run()
  }

  /** Number of the newest whole segment. */
  get lastSeq(): number {
    return this.list?.segments.at(-1)?.seq ?? -1
  }

  /** Frames it could show. */
  get frames(): number {
    let sum = 0
    for (const files of this.#got.values()) for (const count of files.values()) sum += count
    return sum
  }

  /** Throws what broke the rules. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#leaving.abort()
    await this.#running
    if (this.fault !== null) throw this.fault
  }

  async #run(): Promise<void> {
    try {
      while (!this.#isStopped && !this.isEnded) if (!(await this.#turn())) await delay(100)
    } catch (error) {
      if (!this.#isStopped) this.fault = error
    }
  }

  /** False where there was nothing to be had. */
  async #turn(): Promise<boolean> {
    this.#index ??= await this.#address()
    const index = this.#index
    const text = await this.#ask(index.replace('index.m3u8', `${this.#track}.m3u8`) + this.#place())
    // A server that was just started has no parts yet, only what is on disk.
    if (text === null || !text.includes('#EXT-X-PART-INF')) {
      this.list = null
      this.#index = null
      return false
    }
    this.list = checkLowLatency(text.toString(), this.list ?? undefined, true)
    this.isEnded = this.list.isEnded
    const { parts, segments } = this.list
    for (const name of parts) await this.#fetch(index, name)
    for (const { uri, seq } of segments) if (!this.#got.has(seq)) await this.#fetch(index, uri)
    return true
  }

  #place(): string {
    if (this.list === null) return `?v=${this.#id}`
    const { segments, unfinished } = this.list
    const next = (segments.at(-1)?.seq ?? -1) + 1
    return `?v=${this.#id}&_HLS_msn=${next}&_HLS_part=${unfinished.length}&_HLS_skip=YES`
  }

  async #fetch(index: string, name: string): Promise<void> {
    const seq = Number(namePattern.exec(name)![1])
    if (this.#got.get(seq)?.has(name)) return
    const body = await this.#ask(index.replace(/index\.m3u8.*$/, name))
    if (body === null) return
    const files = this.#got.get(seq)
    // What another process makes anew takes the place of what died with the one before.
    if (files && !/\.0\./.test(name)) files.set(name, framesOf(body))
    else this.#got.set(seq, new Map([[name, framesOf(body)]]))
    this.parts++
  }

  async #ask(url: string): Promise<Buffer | null> {
    const response = await fetch(url, { signal: this.#leaving.signal }).catch(() => null)
    const body = await response?.arrayBuffer().catch(() => null)
    if (response?.ok && body) return Buffer.from(body)
    const status = response && body ? response.status : 0
    this.refusals[status] = (this.refusals[status] ?? 0) + 1
    return null
  }
}

/** Over all fragments of a part or a segment. */
function framesOf(body: Buffer): number {
  let frames = 0
  for (let at = 0; at + 8 <= body.length; at += body.readUInt32BE(at))
    if (body.toString('latin1', at + 4, at + 8) === 'moof') frames += body.readUInt32BE(at + countAt)
  return frames
}
