import { isIP } from 'node:net'
import { FetchRefused } from '../sdk/index.ts'

/** What may be asked. */
export interface Rules {
  allowPrivate: boolean
  isPublic: (address: string) => boolean
}

/**
 * Reads an address as the WHATWG says, so that `127.1`, `0x7f.1`, `2130706433` and other digits become what they
 * mean before anything is compared. Throws FetchRefused.
 */
export function readTarget(address: string | URL, base: URL | null, rules: Rules): URL {
  const text = String(address)
  // The parser drops line breaks and turns backslashes; no honest address has them.
  if (hasOddSign(text) || !URL.canParse(text, base ?? undefined))
    throw new FetchRefused('malformed', 'This is not a web address.')
  const url = new URL(text, base ?? undefined)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new FetchRefused('malformed', 'Only addresses of http and https are asked.')
  if (url.username !== '' || url.password !== '')
    throw new FetchRefused('malformed', 'An address with a user name is not asked.')
  if (rules.allowPrivate) return url
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  if (port !== 80 && port !== 443 && port < 1024)
    throw new FetchRefused('malformed', 'Only the ports 80, 443 and from 1024 on are asked.')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // Node looks no name up for these, so nobody else would see them.
  if (isIP(host) !== 0) refusePrivate(host, rules)
  return url
}

/** Throws FetchRefused for an address that is not of the public internet. */
export function refusePrivate(address: string, { allowPrivate, isPublic }: Rules): void {
  if (!allowPrivate && !isPublic(address))
    throw new FetchRefused('private-address', 'The address is not one of the public internet.')
}

function hasOddSign(text: string): boolean {
  for (const sign of text) if (sign <= ' ' || sign === '\\' || sign === '\u007f') return true
  return false
}
