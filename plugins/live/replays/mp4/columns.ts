/** Numbers of unknown count, 32 bits each, as boxes store them. */
export class Column {
  #values = new Uint32Array(1024)
  length = 0

  push(value: number): void {
    if (this.length === this.#values.length) {
      const wider = new Uint32Array(this.length * 2)
      wider.set(this.#values)
      this.#values = wider
    }
    // Assigning keeps the low 32 bits: negative ones in two's complement.
    this.#values[this.length++] = value
  }

  /** Adds one to what was pushed as the last but one. */
  countUp(): void {
    this.#values[this.length - 2]! += 1
  }

  toBuffer(): Buffer {
    return Buffer.from(this.#values.buffer.slice(0, this.length * 4)).swap32()
  }
}

/** Pairs of count and value, equal neighbours as one. */
export class Runs {
  readonly #pairs = new Column()
  #last: number | null = null

  get length(): number {
    return this.#pairs.length / 2
  }

  push(value: number): void {
    if (this.#last === value) this.#pairs.countUp()
    else {
      this.#pairs.push(1)
      this.#pairs.push(value)
    }
    this.#last = value
  }

  toBuffer(): Buffer {
    return this.#pairs.toBuffer()
  }
}
