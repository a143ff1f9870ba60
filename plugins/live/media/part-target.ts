/** What EXT-X-PART-INF may say, in ms, the wanted one first: a whole number of frames of the usual rates fits it. */
const CHOICES = [350, 400, 450, 500, 600, 700, 800, 900, 1_000]
/** Every part but a segment's last has at least this share of the target (RFC 8216bis 4.4.4.9). */
export const LEAST_SHARE = 0.85
/** Publishers' milliseconds are rounded, so a frame's length is not exact. */
const SLACK = 1.02

/**
 * PART-TARGET of one stream: open until the first part is long enough to tell the frame rate, then never changed. Media
 * is cut by it for the disk also where playlists promise no parts, so that a crash costs no more than a part.
 */
export class PartTarget {
  readonly #isWanted: boolean
  readonly #frames = new Map<'video' | 'audio', number>()
  #ms: number | null

  /** `isWanted` false promises viewers no parts. */
  constructor(known: number | null, isWanted: boolean) {
    this.#ms = known
    this.#isWanted = isWanted
  }

  /** How long a frame of the track takes. */
  expect(track: 'video' | 'audio', frameMs: number): void {
    if (this.#ms === null) this.#frames.set(track, frameMs)
  }

  /** What playlists promise; null where they list no parts. The first call decides. */
  get ms(): number | null {
    return this.#isWanted ? this.cutMs : null
  }

  /** What parts are cut by. The first call decides. */
  get cutMs(): number {
    const frames = [...this.#frames.values()]
    this.#ms ??= CHOICES.find((ms) => frames.every((frameMs) => fits(frameMs, ms))) ?? CHOICES.at(-1)!
    return this.#ms
  }
}

function fits(frameMs: number, targetMs: number): boolean {
  const partMs = Math.floor(targetMs / frameMs) * frameMs
  return partMs >= targetMs * LEAST_SHARE * SLACK
}
