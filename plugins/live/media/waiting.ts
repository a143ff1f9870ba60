import type { ServerResponse } from 'node:http'

/** Answers written in one go; others get their turn in between. */
const SLICE = 64

/** A request that waits for its stream to go on. */
export interface Waiter {
  res: ServerResponse
  /** Whether it need not wait any longer. */
  isDue: () => boolean
  answer: () => void
  /** It waited long enough. */
  expire: () => void
  maxMs: number
}

interface Entry extends Waiter {
  timer: NodeJS.Timeout
  leave: () => void
}

/** Requests that wait for something to come, by stream. Those whose client leaves are forgotten. */
export class Waiting {
  readonly #streams = new Map<string, Set<Entry>>()
  #due: Entry[] = []
  #isAnswering = false

  get size(): number {
    let size = this.#due.length
    for (const entries of this.#streams.values()) size += entries.size
    return size
  }

  add(streamId: string, waiter: Waiter): void {
    const entries = this.#streams.get(streamId) ?? new Set()
    this.#streams.set(streamId, entries)
    const forget = () => {
      clearTimeout(entry.timer)
      waiter.res.off('close', forget)
      entries.delete(entry)
      if (entries.size === 0 && this.#streams.get(streamId) === entries) this.#streams.delete(streamId)
    }
    const timer = setTimeout(() => {
      forget()
      waiter.expire()
    }, waiter.maxMs)
    const entry: Entry = { ...waiter, timer: timer.unref(), leave: forget }
    entries.add(entry)
    waiter.res.on('close', forget)
  }

  /** Something came: answers those that waited for it, without holding up everybody else for long. */
  wake(streamId: string): void {
    for (const entry of this.#streams.get(streamId) ?? []) {
      if (!entry.isDue()) continue
      entry.leave()
      this.#due.push(entry)
    }
    if (!this.#isAnswering) this.#answerSome()
  }

  #answerSome(): void {
    for (const entry of this.#due.splice(0, SLICE)) if (!entry.res.destroyed) entry.answer()
    this.#isAnswering = this.#due.length > 0
    if (this.#isAnswering) setImmediate(() => this.#answerSome())
  }
}
