import type { PartTarget } from './part-target.ts'
import { Rung, type RungSink } from './rung.ts'
import { type SegmentMark, SegmentMarks } from './segment-marks.ts'
import type { TargetDuration } from './target-duration.ts'
import type { FeedMessage, RungOffer, StreamTarget } from './types.ts'

export interface RungsOptions {
  target: StreamTarget
  targetDuration: TargetDuration
  partTarget: PartTarget
  /** Initialisation segments are counted from here in each height. */
  firstInitId: number
  /** In order with what else viewers hear of the stream. */
  tell: (message: FeedMessage, body?: Buffer) => void
}

/** The lower renditions of one stream: what is offered, and those that come. */
export class Rungs {
  readonly #options: RungsOptions
  readonly #open = new Map<number, Rung>()
  /** By height, the decoder settings that were seen. */
  readonly #settings = new Map<number, string[]>()
  #marks = new SegmentMarks()
  #isOver = false

  constructor(options: RungsOptions) {
    this.#options = options
  }

  mark(mark: SegmentMark): void {
    this.#marks.add(mark)
  }

  offer(rungs: RungOffer[]): void {
    if (this.#isOver) return
    this.#options.tell({ type: 'rungs', streamId: this.#options.target.id, rungs })
  }

  open(height: number): RungSink {
    this.#open.get(height)?.close()
    const { target, targetDuration, partTarget, tell } = this.#options
    const rung = new Rung({
      streamId: target.id,
      height,
      segmentMs: target.segmentMs,
      target: targetDuration,
      partTarget,
      marks: this.#marks,
      initIdOf: (settings) => this.#initIdOf(height, settings),
      tell,
      onClose: () => {
        if (this.#open.get(height) === rung) this.#open.delete(height)
      },
    })
    if (this.#isOver) rung.close()
    else this.#open.set(height, rung)
    return rung
  }

  /** The publisher is gone; its last picture was seen then, on its own clock. */
  interrupt(lastMs: number): void {
    this.#marks.endMs = lastMs
    this.#marks = new SegmentMarks()
  }

  end(): void {
    this.#isOver = true
    for (const rung of this.#open.values()) rung.close()
  }

  #initIdOf(height: number, settings: Buffer): number {
    const known = this.#settings.get(height) ?? []
    this.#settings.set(height, known)
    const config = settings.toString('base64')
    if (!known.includes(config)) known.push(config)
    return this.#options.firstInitId + known.indexOf(config)
  }
}
