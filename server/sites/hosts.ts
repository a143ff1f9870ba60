import { isIP } from 'node:net'
import { wrongHost } from '#contract'
import { problem } from '../sdk/index.ts'

interface Hosted {
  info: { name: string; url: string }
}

/** Host name without port and brackets, in lower case: `[::1]:8080` -> `::1`. */
export function hostName(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[([^\]]*)\].*$/, '$1')
    .replace(/^([^:]*):\d+$/, '$1')
    .replace(/\.$/, '')
}

/**
 * Picks the site by the host name a visitor or an encoder dialled. A single site answers everywhere; of several, the
 * named one does, and `main` also answers at plain addresses and localhost. Nothing else is served: 421.
 */
export function siteOf<T extends Hosted>(sites: readonly T[], host: string): T {
  const only = sites[0]
  if (sites.length === 1 && only) return only
  const name = hostName(host)
  const named = sites.find((site) => hostName(new URL(site.info.url).host) === name)
  if (named) return named
  const main = sites.find((site) => site.info.name === 'main') ?? only
  if (main && (isIP(name) !== 0 || name === 'localhost' || name === '')) return main
  throw problem(wrongHost)
}
