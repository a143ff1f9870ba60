import type { Asking } from '../viewers.ts'

/**
 * Whose request this is, for nothing but the country. A peer on this machine or a private network is a proxy: then
 * the last address it added is meant. A wrong one only counts a viewer for another country.
 */
export function addressOf({ headers, socket }: Asking): string {
  const peer = (socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  const isInner = /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|::1$|f[cd])/.test(peer)
  const forwarded = String(headers['x-forwarded-for'] ?? '')
    .split(',')
    .at(-1)
    ?.trim()
  return isInner && forwarded ? forwarded : peer
}
