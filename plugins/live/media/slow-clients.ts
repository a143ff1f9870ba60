import type { ServerResponse } from 'node:http'

const MAX_MS = 60_000
const LOOK_EVERY_MS = 10_000

/** Destroys responses whose client does not take them in time, so that unsent bytes cannot pile up. */
export class SlowClients {
  readonly #deadlines = new Map<ServerResponse, number>()
  readonly #maxMs: number
  readonly #lookEveryMs: number
  #timer: NodeJS.Timeout | null = null

  constructor(maxMs = MAX_MS, lookEveryMs = LOOK_EVERY_MS) {
    this.#maxMs = maxMs
    this.#lookEveryMs = lookEveryMs
  }

  /** Call once the response was written; costs nothing when the socket already took it all. */
  watch(res: ServerResponse): void {
    if (res.writableFinished || (res.writableEnded && res.writableLength === 0)) return
    this.#deadlines.set(res, Date.now() + this.#maxMs)
    this.#timer ??= setInterval(() => this.#look(), this.#lookEveryMs).unref()
  }

  #look(): void {
    const now = Date.now()
    for (const [res, deadline] of this.#deadlines) {
      if (!res.writableFinished && !res.destroyed && now < deadline) continue
      if (!res.writableFinished) res.destroy()
      this.#deadlines.delete(res)
    }
    if (this.#deadlines.size > 0 || this.#timer === null) return
    clearInterval(this.#timer)
    this.#timer = null
  }
}
