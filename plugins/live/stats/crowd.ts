import type { Asking } from '../viewers.ts'
import { networkOf } from './peer-address.ts'

/**
 * A full hall behind its own Wi-Fi, a university, or those customers of a mobile carrier who share an address and watch
 * the same label are fewer; a script that makes up viewers is not.
 */
export const usualMost = 1_000
/** Of IPv6 a tunnel with a /48, of 65 536 networks, is anybody's for the asking: all of it is so much more than one. */
const timesForSite = 2

/** Who is counted by where they are: no address, and no network of IPv6, is more people than it can be. */
export class Crowd {
  readonly #counts = new Map<string, number>()
  readonly #most: () => number

  /** `most` of one address; 0 for any number. */
  constructor(most: () => number = () => usualMost) {
    this.#most = most
  }

  /** Networks that somebody is counted in. */
  get size(): number {
    return this.#counts.size
  }

  /** What to `leave` with; null where the address is as many as it may be. */
  enter(asking: Asking | undefined): string | null {
    const network = (asking && networkOf(asking)) ?? ''
    const most = this.#most()
    const [own, site] = placesOf(network)
    const isFull =
      (own !== undefined && this.#of(own) >= most) ||
      (site !== undefined && this.#of(site) >= most * timesForSite)
    if (isFull && most > 0) return null
    for (const place of placesOf(network)) this.#counts.set(place, this.#of(place) + 1)
    return network
  }

  leave(network: string): void {
    for (const place of placesOf(network)) {
      const left = this.#of(place) - 1
      if (left > 0) this.#counts.set(place, left)
      else this.#counts.delete(place)
    }
  }

  #of(place: string): number {
    return this.#counts.get(place) ?? 0
  }
}

/** An IPv4 address, or a /64 and the /48 around it; nothing where addresses tell nobody apart. */
function placesOf(network: string): string[] {
  if (network === '') return []
  if (!network.endsWith('/64')) return [network]
  return [network, `${network.split(':').slice(0, 3).join(':')}::/48`]
}
