/** Longest target there is: a publisher that sends no key frame this long is cut between them. */
const MAX_TARGET_MS = 12_000
/** EXTINF is rounded to whole seconds before it is compared (RFC 8216 4.3.3.1); 100 ms stay for the last frame. */
const ROUNDING_MS = 400
/** Key frames of encoders jitter: the first segment is taken for up to a tenth shorter than later ones. */
const JITTER = 1.1

/** EXT-X-TARGETDURATION of one stream: open until the first segment closed, then never changed. */
export class TargetDuration {
  #ms: number | null
  #openMs = 0

  constructor(known: number | null) {
    this.#ms = known
  }

  /** Null until decided. */
  get ms(): number | null {
    return this.#ms
  }

  /** No segment may be longer than this. */
  get limitMs(): number {
    return (this.#ms ?? MAX_TARGET_MS) + ROUNDING_MS
  }

  /** The other track's open segment is already this long, so the target has to hold it. */
  mustHold(openMs: number): void {
    this.#openMs = Math.max(this.#openMs, openMs)
  }

  /** Fixes the target by the first segment; later calls change nothing. */
  decide(firstMs: number, wantedMs: number): void {
    if (this.#ms !== null) return
    const longest = Math.min(Math.max(firstMs, wantedMs), MAX_TARGET_MS)
    const whole = Math.ceil(longest / 1000) * 1000
    const hasRoom = whole + ROUNDING_MS >= longest * JITTER
    const held = Math.ceil((this.#openMs - ROUNDING_MS) / 1000) * 1000
    this.#ms = Math.min(Math.max(hasRoom ? whole : whole + 1000, held), MAX_TARGET_MS)
  }
}
