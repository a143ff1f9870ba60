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

/**
 * Refuses what pages of other web sites load from the API: pictures, scripts and requests without an answer they could
 * read (W3C Fetch Metadata, resource isolation). A link somebody follows is no such thing.
 */
export function refuseForeignLoad({ headers }: IncomingMessage): void {
  const site = headers['sec-fetch-site']
  const isForeign = site === 'cross-site' || site === 'same-site'
  if (isForeign && headers['sec-fetch-mode'] !== 'navigate') throw problem(crossOrigin)
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
