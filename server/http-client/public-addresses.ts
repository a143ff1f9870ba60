import { BlockList, isIPv4 } from 'node:net'

// IANA special-purpose registries (RFC 6890 and what came after): nothing of this is a server of the public internet.
const closed4 = listOf('ipv4', [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
])
/** What is given out at all: loopback, link-local, unique local, multicast and discard lie outside. */
const open6 = listOf('ipv6', [['2000::', 3]])
const closed6 = listOf('ipv6', [
  // Protocols and tunnels; the few of them that can be reached from everywhere answer no HTTP.
  ['2001::', 23],
  ['2001:db8::', 32],
  ['3fff::', 20],
])

function listOf(family: 'ipv4' | 'ipv6', networks: [address: string, bits: number][]): BlockList {
  const list = new BlockList()
  for (const [address, bits] of networks) list.addSubnet(address, bits, family)
  return list
}

/** Whether an IP address is one of the public internet; addresses inside addresses are looked at, too. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !closed4.check(address, 'ipv4')
  const groups = groupsOf(address)
  if (!groups) return false
  const inner = innerAddress(groups)
  if (inner !== null) return isPublicAddress(inner)
  return open6.check(address, 'ipv6') && !closed6.check(address, 'ipv6')
}

/** The eight numbers of an IPv6 address; null for anything else, one with a zone (`fe80::1%eth0`) too. */
function groupsOf(address: string): number[] | null {
  const url = `http://[${address}]/`
  if (!URL.canParse(url)) return null
  const [head = '', tail] = new URL(url).hostname.slice(1, -1).split('::')
  const read = (text: string) =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
  const [first, last] = [read(head), read(tail ?? '')]
  return tail === undefined ? first : [...first, ...Array(8 - first.length - last.length).fill(0), ...last]
}

/** The IPv4 address that one of IPv6 stands for: mapped (RFC 4291), NAT64 (RFC 6052) or 6to4 (RFC 3056). */
function innerAddress(groups: number[]): string | null {
  const begins = (...wanted: number[]) => wanted.every((group, place) => groups[place] === group)
  const at = begins(0, 0, 0, 0, 0, 0xffff) || begins(0x64, 0xff9b, 0, 0, 0, 0) ? 6 : begins(0x2002) ? 1 : null
  if (at === null) return null
  const [high = 0, low = 0] = groups.slice(at)
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}
