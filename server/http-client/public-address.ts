import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { FetchRefused } from '../sdk/index.ts'
import { isPublicAddress } from './public-addresses.ts'

/**
 * The address to connect to for a host name or an address, for protocols other than http. Every address of the name
 * must be of the public internet, and the connection goes to the one given here, so that a second answer of the DNS
 * cannot lead elsewhere. Throws FetchRefused.
 */
export async function publicAddress(
  host: string,
  resolve: (name: string) => Promise<LookupAddress[]> = (name) => lookup(name, { all: true }),
): Promise<string> {
  const found = await resolve(host.replace(/^\[|\]$/g, '')).catch((cause: unknown) => {
    throw new FetchRefused('unreachable', 'The name has no address.', cause)
  })
  for (const { address } of found)
    if (!isPublicAddress(address))
      throw new FetchRefused('private-address', 'The address is not one of the public internet.')
  const [first] = found
  if (!first) throw new FetchRefused('unreachable', 'The name has no address.')
  return first.address
}
