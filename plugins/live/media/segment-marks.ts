/** Where the publisher's pictures were cut: renditions of them are cut in the same places. */
export interface SegmentMark {
  seq: number
  run: number
  /** ISO-8601 wall time of the first picture. */
  at: string
  /** When the first picture is seen, on the stream's timeline. */
  startMs: number
  /** When it is seen on the publisher's clock. */
  ptsMs: number
  /** From the publisher's clock to the timeline. */
  shiftMs: number
  isDiscontinuity: boolean
}

/** Renditions lag by seconds; this is more than any may. */
const KEPT = 60

/** The last cuts of one connection of a publisher, oldest first. */
export class SegmentMarks {
  #marks: SegmentMark[] = []
  /** When the connection's last picture came, on the publisher's clock; null while it is there. */
  endMs: number | null = null

  add(mark: SegmentMark): void {
    this.#marks.push(mark)
    if (this.#marks.length > KEPT) this.#marks.shift()
  }

  /** The segment that begins with a picture seen at that time, give or take. */
  at(ptsMs: number, toleranceMs: number): SegmentMark | undefined {
    return this.#marks.findLast((mark) => Math.abs(mark.ptsMs - ptsMs) <= toleranceMs)
  }

  after(mark: SegmentMark): SegmentMark | undefined {
    return this.#marks.find((other) => other.seq > mark.seq)
  }
}
