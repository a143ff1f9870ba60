/**
 * A file of countries in the MaxMind DB format (version 2.0 of its specification: search tree, 16 zero bytes, data,
 * metadata), for IPv4 networks.
 */
export function countryFile(networks: Record<string, string>): Buffer {
  const data: Buffer[] = []
  const places = new Map<string, number>()
  let size = 0
  for (const code of new Set(Object.values(networks))) {
    const record = map({ country: map({ iso_code: text(code) }) })
    places.set(code, size)
    data.push(record)
    size += record.length
  }
  const nodes: [number, number][] = [[-1, -1]]
  // -1 is nothing, -2 - n is the data at n.
  for (const [network, code] of Object.entries(networks)) {
    const [address = '', length = '32'] = network.split('/')
    const bits = address
      .split('.')
      .map((part) => Number(part).toString(2).padStart(8, '0'))
      .join('')
      .slice(0, Number(length))
    let at = 0
    for (const [i, bit] of [...bits].entries()) {
      const node = nodes[at]!
      const side = Number(bit) as 0 | 1
      if (i === bits.length - 1) node[side] = -2 - places.get(code)!
      else {
        if (node[side] < 0) node[side] = nodes.push([-1, -1]) - 1
        at = node[side]
      }
    }
  }
  const count = nodes.length
  const tree = Buffer.alloc(count * 6)
  for (const [i, sides] of nodes.entries())
    for (const side of [0, 1] as const) {
      const value = sides[side]
      const record = value === -1 ? count : value < 0 ? count + 16 + (-2 - value) : value
      tree.writeUIntBE(record, i * 6 + side * 3, 3)
    }
  const metadata = map({
    node_count: uint(count, 6),
    record_size: uint(24, 5),
    ip_version: uint(4, 5),
    database_type: text('Test-Country'),
    binary_format_major_version: uint(2, 5),
    binary_format_minor_version: uint(0, 5),
    build_epoch: uint(1_800_000_000, 6),
    languages: Buffer.from([0x00, 0x04]),
    description: map({}),
  })
  const mark = Buffer.concat([Buffer.from([0xab, 0xcd, 0xef]), Buffer.from('MaxMind.com')])
  return Buffer.concat([tree, Buffer.alloc(16), ...data, mark, metadata])
}

const text = (value: string) => Buffer.concat([Buffer.from([0x40 | value.length]), Buffer.from(value)])
const map = (fields: Record<string, Buffer>) =>
  Buffer.concat([
    Buffer.from([0xe0 | Object.keys(fields).length]),
    ...Object.entries(fields).flatMap(([name, value]) => [text(name), value]),
  ])
function uint(value: number, type: 5 | 6): Buffer {
  const bytes = Buffer.alloc(type === 5 ? 2 : 4)
  bytes.writeUIntBE(value, 0, bytes.length)
  return Buffer.concat([Buffer.from([(type << 5) | bytes.length]), bytes])
}
