import { randomBytes } from 'node:crypto'
import type { PluginContext } from '#sdk'

type Signer = PluginContext['signer']

/** The header that carries the signature: `<unix seconds>.<nonce>.<signature>`. */
export const doorHeader = 'x-veza-node'

/** Clocks of two machines may be this far apart. */
const toleratedS = 60
const mostRemembered = 100_000

/** What is signed: the door of one machine, and what is asked there. */
export interface DoorRequest {
  method: string
  /** Path with its query. */
  path: string
  /** The machine that is asked. */
  nodeId: string
}

/**
 * Signs and checks what machines of one installation ask each other, by the key that the site's database holds. A
 * signature is good for one request, at one machine, for a minute.
 */
export class DoorKey {
  readonly #signer: Signer
  readonly #now: () => number
  /** Nonces of good signatures -> when they are too old anyway, in seconds. */
  readonly #used = new Map<string, number>()

  constructor(signer: Signer, now: () => number = Date.now) {
    this.#signer = signer
    this.#now = now
  }

  /** The header's value. */
  sign(request: DoorRequest): string {
    const at = Math.floor(this.#now() / 1000)
    const nonce = randomBytes(12).toString('base64url')
    return `${at}.${nonce}.${this.#signer.sign('live-door', textOf(request, at, nonce))}`
  }

  /** False also for what was asked with the same header before. */
  isGood(header: string | string[] | undefined, request: DoorRequest): boolean {
    const [, time, nonce, signature] =
      /^(\d{10,11})\.([\w-]{16})\.([\w-]{22,100})$/.exec(String(header ?? '')) ?? []
    if (!time || !nonce || !signature) return false
    const nowS = this.#now() / 1000
    if (Math.abs(nowS - Number(time)) > toleratedS) return false
    if (!this.#signer.verify('live-door', textOf(request, Number(time), nonce), signature)) return false
    return this.#isFirst(nonce, nowS)
  }

  #isFirst(nonce: string, nowS: number): boolean {
    if (this.#used.has(nonce)) return false
    for (const [old, until] of this.#used) {
      if (until > nowS) break
      this.#used.delete(old)
    }
    if (this.#used.size >= mostRemembered) return false
    this.#used.set(nonce, nowS + 2 * toleratedS)
    return true
  }
}

const textOf = ({ method, path, nodeId }: DoorRequest, at: number, nonce: string): string =>
  `${method} ${path} ${nodeId} ${at} ${nonce}`
