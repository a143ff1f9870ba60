import { networkInterfaces } from 'node:os'
import type { LoadedConfig } from '../settings/load.ts'

/**
 * Where other machines reach this process: as it is set, else by the address it listens on. Null where nobody could
 * tell: without a database that several machines share, and on a port that is not known before it is listened on.
 */
export function nodeAddressOf({ nodes, http, database }: LoadedConfig['config']): string | null {
  if (nodes.address) return nodes.address
  if (!database.url || http.port === 0) return null
  const isAny = http.host === '0.0.0.0' || http.host === '::'
  const host = isAny ? firstAddress() : http.host
  return host === null ? null : `http://${host.includes(':') ? `[${host}]` : host}:${http.port}`
}

/** Of the first network card, IPv4 before IPv6. */
function firstAddress(): string | null {
  const outer = Object.values(networkInterfaces()).flatMap((found) =>
    (found ?? []).filter(({ internal, address }) => !internal && !address.startsWith('fe80:')),
  )
  return (outer.find(({ family }) => family === 'IPv4') ?? outer[0])?.address ?? null
}
