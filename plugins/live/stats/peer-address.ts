import { addressBlock } from '#sdk'
import type { Asking } from '../viewers.ts'

/** Of this machine or a private network. */
export const isInner = (address: string): boolean =>
  /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|::1$|f[cd])/.test(address)

/**
 * Whose request this is, for nothing but the country and a fair share of what waits. A peer on this machine or a private
 * network is a proxy: then the last address it added is meant.
 */
export function addressOf({ headers, socket }: Asking): string {
  const peer = (socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  const forwarded = String(headers['x-forwarded-for'] ?? '')
    .split(',')
    .at(-1)
    ?.trim()
  return isInner(peer) && forwarded ? forwarded : peer
}

/** One customer's address, of IPv6 their network; null where a proxy does not tell whose requests it passes on. */
export function networkOf(asking: Asking): string | null {
  const address = addressOf(asking)
  return isInner(address) ? null : addressBlock(address)
}
