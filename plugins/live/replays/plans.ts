import { unavailable } from '#contract'
import { problem } from '#sdk'

/** Somebody who waits for a plan, as a response. */
interface Asker {
  readonly destroyed: boolean
}
interface Known<Plan> {
  plan: Promise<Plan>
  isMade: boolean
  askers: Set<Asker>
}

const mostKept = 3
const mostWaiting = 8

/**
 * Plans of files, made one after the other, as each reads thousands of files, and the last few kept. What everybody who
 * asked has gone from is not made at all, and a queue that is long takes nothing more (`unavailable`).
 */
export class Plans<Plan> {
  readonly #known = new Map<string, Known<Plan>>()
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  of(key: string, asker: Asker, make: () => Promise<Plan>): Promise<Plan> {
    const known = this.#known.get(key) ?? this.#begin(key, make)
    if (!known.isMade) known.askers.add(asker)
    this.#known.delete(key)
    this.#known.set(key, known)
    const made = [...this.#known].filter(([, { isMade }]) => isMade)
    for (const [old] of made.slice(0, -mostKept)) this.#known.delete(old)
    return known.plan
  }

  #begin(key: string, make: () => Promise<Plan>): Known<Plan> {
    if (this.#waiting >= mostWaiting) throw busy()
    this.#waiting += 1
    const askers = new Set<Asker>()
    const plan = this.#last.then(() => {
      this.#waiting -= 1
      if ([...askers].every(({ destroyed }) => destroyed)) throw busy()
      return make()
    })
    const known = { plan, isMade: false, askers }
    this.#last = plan.then(
      () => {
        known.isMade = true
        askers.clear()
      },
      () => this.#known.delete(key),
    )
    return known
  }
}

const busy = () =>
  problem(unavailable, 'Several recordings are being made ready to download; try again in a moment.')
