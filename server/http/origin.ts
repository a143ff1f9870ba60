import type { IncomingMessage } from 'node:http'
import { crossOrigin } from '#contract'
import { problem } from '../sdk/index.ts'

/**
 * Refuses what another web site makes a browser send: Fetch Metadata where the browser gives it, else Origin against
 * Host (OWASP CSRF cheat sheet). Programs send neither and carry no cookie.
 */
export function refuseCrossOrigin(req: IncomingMessage): void {
  if (!isSameOrigin(req)) throw problem(crossOrigin)
}

export function isSameOrigin(req: IncomingMessage): boolean {
  const site = req.headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const origin = req.headers.origin
  if (origin === undefined) return true
  try {
    return new URL(origin).host === req.headers.host
  } catch {
    return false
  }
}
