import type { AmfValue } from './amf.ts'

/** Values as an AMF0 message (Adobe's AMF0 specification, section 2): numbers, texts, booleans, null and objects. */
export function encodeAmf0(...values: AmfValue[]): Buffer {
  return Buffer.concat(values.map(encodeValue))
}

const objectEnd = Buffer.from([0, 0, 9])

function encodeValue(value: AmfValue): Buffer {
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(9)
    bytes.writeDoubleBE(value, 1)
    return bytes
  }
  if (typeof value === 'boolean') return Buffer.from([1, value ? 1 : 0])
  if (typeof value === 'string') return Buffer.concat([Buffer.from([2]), text(value)])
  if (value === null || value === undefined) return Buffer.from([5])
  const properties = Object.entries(value).flatMap(([name, inner]) => [text(name), encodeValue(inner)])
  return Buffer.concat([Buffer.from([3]), ...properties, objectEnd])
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}
