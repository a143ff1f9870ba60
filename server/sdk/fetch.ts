import type { IncomingMessage } from 'node:http'

/** Why a request was not made, or its answer not taken. */
export type FetchRefusal =
  /** Not http(s), with a user name, an odd port, or with signs that no address or header has. */
  | 'malformed'
  /** Leads to this machine, a private network or an address that is none of the public internet. */
  | 'private-address'
  | 'too-large'
  | 'too-slow'
  | 'too-many-redirects'
  | 'unreachable'

/** A request to the outside that did not come to an answer. Recognised by class and `reason`. */
export class FetchRefused extends Error {
  readonly reason: FetchRefusal
  constructor(reason: FetchRefusal, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.reason = reason
  }
}

export interface FetchOptions {
  method?: string
  headers?: Record<string, string> | Headers
  body?: string | Uint8Array | URLSearchParams | null
  /** Most bytes of an answer; 1 MiB unless said. */
  maxBytes?: number
  /** For everything together, redirects too; 10 s unless said. */
  timeoutMs?: number
  /** How many redirects are followed, each checked like the first address; none unless said. */
  maxRedirects?: number
  signal?: AbortSignal
}

/** Asks a server of the public internet; the answer is whole when it resolves. Throws FetchRefused. */
export type GuardedFetch = (url: string | URL, options?: FetchOptions) => Promise<Response>

/**
 * Asks another machine of the same installation at an address it wrote down itself; resolves with its answer as it
 * comes. Rejects where nobody answers. An answer that may go on for long says so: it gets a connection of its own, or
 * a hundred of them would let nothing else through.
 */
export type AskNode = (
  address: string,
  options: {
    method?: 'GET' | 'HEAD' | 'POST'
    headers?: Record<string, string>
    signal?: AbortSignal
    isLong?: boolean
  },
) => Promise<IncomingMessage>
