/** Does work in the order in which it was given, at once unless something before it has to wait. */
export class FeedOrder {
  #last: Promise<void> | null = null

  /** Resolves when all that was given is done. */
  get settled(): Promise<void> {
    return this.#last ?? Promise.resolve()
  }

  push(work: () => void): void {
    if (this.#last === null) work()
    else this.#then(async () => work())
  }

  /** Whatever is given afterwards waits for this. */
  pushSlow(work: () => Promise<void>): void {
    this.#then(work)
  }

  #then(work: () => Promise<void>): void {
    const done: Promise<void> = (this.#last ?? Promise.resolve()).then(work).finally(() => {
      if (this.#last === done) this.#last = null
    })
    this.#last = done
  }
}
