import { addressBlock } from '#sdk'

const windowMs = 60_000
const allowed = 20
const maxAddresses = 10_000

/** Counts wrong stream keys by address, of IPv6 by network: a key has 128 bits, but each guess costs a look into the database. */
export class WrongKeyLimit {
  readonly #tries = new Map<string, { count: number; since: number }>()
  readonly #now: () => number

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** More than 20 within the last minute. */
  isOver(address: string): boolean {
    const tries = this.#current(address)
    return tries !== undefined && tries.count >= allowed
  }

  add(address: string): void {
    const tries = this.#current(address)
    if (tries) {
      tries.count++
      return
    }
    if (this.#tries.size >= maxAddresses) this.#prune()
    this.#tries.set(addressBlock(address), { count: 1, since: this.#now() })
  }

  #current(address: string): { count: number; since: number } | undefined {
    const tries = this.#tries.get(addressBlock(address))
    return tries && this.#now() - tries.since < windowMs ? tries : undefined
  }

  #prune(): void {
    const limit = this.#now() - windowMs
    for (const [address, { since }] of this.#tries) if (since < limit) this.#tries.delete(address)
    if (this.#tries.size >= maxAddresses) this.#tries.clear()
  }
}
