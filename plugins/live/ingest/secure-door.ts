import type { FromIngest } from '../media/types.ts'
import { type Pair, type PairFiles, readPair, stateOf, UnusablePair } from './certificate.ts'
import type { IngestLimits } from './limits.ts'
import type { Listener, Serve } from './listener.ts'

export interface SecureEvents {
  serve: Serve
  say(message: FromIngest): void
}
type Address = { host: string; port: number } & PairFiles

/**
 * The RTMPS port. Its certificate is read anew when the files change. One that cannot be used leaves the one before in
 * place, and where there is none yet, the port shut until it can: RTMP goes on all the same.
 */
export class SecureDoor {
  readonly #listener: Listener
  readonly #everyMs: number
  readonly #events: SecureEvents
  #timer: NodeJS.Timeout | undefined
  /** Of the files whose certificate is in use. */
  #used = ''
  /** Of the files that were last found unusable. */
  #refused = ''
  #isTold = false
  #isOpen = false
  #isLooking = false
  #isStopped = false

  constructor(
    listener: Listener,
    { certificateEveryMs }: Pick<IngestLimits, 'certificateEveryMs'>,
    events: SecureEvents,
  ) {
    this.#listener = listener
    this.#everyMs = certificateEveryMs
    this.#events = events
  }

  /**
   * The port; null where it waits for a certificate, to be told to `opened` then. Rejects with the system's error, as
   * for a port that is taken.
   */
  async listen(address: Address, opened: (port: number) => void): Promise<number | null> {
    const port = await this.#look(address)
    this.#timer = setInterval(() => void this.#lookAgain(address, opened), this.#everyMs)
    return port
  }

  stop(): void {
    this.#isStopped = true
    clearInterval(this.#timer)
  }

  async #lookAgain(address: Address, opened: (port: number) => void): Promise<void> {
    if (this.#isLooking) return
    this.#isLooking = true
    try {
      const port = await this.#look(address)
      if (port !== null) opened(port)
    } catch (error) {
      this.#refuse(String(error), String(error))
    } finally {
      this.#isLooking = false
    }
  }

  /** The port where this look opened it. */
  async #look(address: Address): Promise<number | null> {
    const state = await stateOf(address)
    if (state === this.#used) return null
    try {
      const pair = await readPair(address)
      if (this.#isStopped) return null
      const port = await this.#take(pair, address)
      this.#used = state
      this.#refused = ''
      return port
    } catch (error) {
      if (!(error instanceof UnusablePair)) throw error
      this.#refuse(state, error.message)
      return null
    }
  }

  async #take(pair: Pair, { host, port }: Address): Promise<number | null> {
    if (!this.#isOpen) {
      const given = await this.#listener.listen({ host, port, pair }, this.#events.serve)
      this.#isOpen = true
      return given
    }
    this.#listener.renew(pair)
    const fields = { until: pair.expiresAt.toISOString() }
    this.#events.say({
      type: 'log',
      level: 'info',
      message: 'the certificate of RTMPS was read anew',
      fields,
    })
    return null
  }

  /** Told once for each state; while one is in use not at first sight, as a pair that is being written is none yet. */
  #refuse(state: string, why: string): void {
    const isNew = state !== this.#refused
    this.#refused = state
    if (isNew) this.#isTold = false
    if (this.#isTold || (isNew && this.#isOpen)) return
    this.#isTold = true
    const message = this.#isOpen
      ? 'the new certificate of RTMPS cannot be used; the one before stays'
      : 'RTMPS waits for a certificate that can be used'
    this.#events.say({ type: 'log', level: 'error', message, fields: { why } })
  }
}
