import { isIPv6 } from 'node:net'

/** An address as rules and counters know it: without a port, and IPv4 never inside IPv6. */
export function plainAddress(text: string): string {
  const address = text.replace(/^\[([^\]]*)\](?::\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1')
  return (isIPv6(address) && !address.includes('%') && mappedIn(address)) || address
}

/** The IPv4 address inside `::ffff:0:0/96`; null outside of it. */
export function mappedIn(address: string): string | null {
  const groups = groupsOf(address)
  if (groups.slice(0, 5).some((group) => group !== 0) || groups[5] !== 0xffff) return null
  const [high = 0, low = 0] = groups.slice(6)
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

/** The eight numbers of an IPv6 address. URL writes a dotted end as numbers, too. */
export function groupsOf(address: string): number[] {
  const plain = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [head = '', tail] = plain.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail ? tail.split(':') : []
  const between = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...between, ...after].map((group) => Number.parseInt(group, 16))
}
