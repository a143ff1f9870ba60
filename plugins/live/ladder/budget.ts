/** What the encoders of all streams may take of this machine together, in cores. */
export class Budget {
  #free: number
  readonly #waiting = new Set<() => void>()

  constructor(cores: number) {
    this.#free = cores
  }

  has(cores: number): boolean {
    return this.#free >= cores - 1e-6
  }

  /** False where it does not fit. */
  take(cores: number): boolean {
    if (!this.has(cores)) return false
    this.#free -= cores
    this.#tell()
    return true
  }

  giveBack(cores: number): void {
    this.#free += cores
    this.#tell()
  }

  /** Calls back after each change; returns the way to stop that. */
  onChange(listener: () => void): () => void {
    this.#waiting.add(listener)
    return () => this.#waiting.delete(listener)
  }

  #tell(): void {
    for (const listener of this.#waiting) listener()
  }
}
