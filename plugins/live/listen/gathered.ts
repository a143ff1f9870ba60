/** A part of sound is encoded within this time; what comes behind it is a third of a second later. */
const gatherMs = 40

/**
 * Encoders put out frame by frame, and each piece is a write for each listener (40 a second of MP3): what comes at
 * once is given out at once.
 */
export class Gathered {
  readonly #take: (bytes: Buffer) => void
  #chunks: Buffer[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(take: (bytes: Buffer) => void) {
    this.#take = take
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#timer ??= setTimeout(() => this.flush(), gatherMs)
  }

  /** Nothing more may come. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#chunks.length > 0) this.#take(Buffer.concat(this.#chunks.splice(0)))
  }
}
