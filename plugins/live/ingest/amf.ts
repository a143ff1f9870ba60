/** What an AMF0 message can hold. Objects have no prototype, so a hostile property name is only a name. */
export type AmfValue = number | boolean | string | null | undefined | AmfValue[] | AmfObject
export interface AmfObject {
  [name: string]: AmfValue
}

const maxDepth = 8
const maxValues = 1_024

/** Thrown for bytes that are not AMF0, are cut short, or nest or count beyond what any encoder sends. */
export class AmfError extends Error {
  override name = 'AmfError'
}

/** All values of an AMF0 message, in order (Adobe's AMF0 specification, section 2). Throws AmfError. */
export function decodeAmf0(bytes: Buffer): AmfValue[] {
  const reader = new Amf0Reader(bytes)
  const values: AmfValue[] = []
  while (!reader.isAtEnd) values.push(reader.value(0))
  return values
}

/** The value as an object, or undefined when it is something else. */
export function asAmfObject(value: AmfValue): AmfObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
}

class Amf0Reader {
  private offset = 0
  private values = 0
  private readonly bytes: Buffer

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.offset >= this.bytes.length
  }

  value(depth: number): AmfValue {
    if (depth > maxDepth || ++this.values > maxValues) throw new AmfError('Too many or too deep values')
    const marker = this.bytes.readUInt8(this.take(1))
    switch (marker) {
      case 0x00:
        return this.bytes.readDoubleBE(this.take(8))
      case 0x01:
        return this.bytes.readUInt8(this.take(1)) !== 0
      case 0x02:
        return this.text(this.uint16())
      case 0x03:
        return this.object(depth)
      case 0x05:
        return null
      case 0x06:
        return undefined
      case 0x08:
        this.take(4)
        return this.object(depth)
      case 0x0a:
        return this.list(depth)
      case 0x0b:
        return this.date()
      case 0x0c:
      case 0x0f:
        return this.text(this.uint32())
      case 0x10:
        this.text(this.uint16())
        return this.object(depth)
      default:
        throw new AmfError(`Unknown marker ${marker}`)
    }
  }

  private object(depth: number): AmfObject {
    const object: AmfObject = Object.create(null)
    for (;;) {
      const name = this.text(this.uint16())
      if (name === '' && this.bytes[this.offset] === 0x09) {
        this.take(1)
        return object
      }
      object[name] = this.value(depth + 1)
    }
  }

  private list(depth: number): AmfValue[] {
    const list: AmfValue[] = []
    for (let left = this.uint32(); left > 0; left--) list.push(this.value(depth + 1))
    return list
  }

  private date(): number {
    const milliseconds = this.bytes.readDoubleBE(this.take(8))
    this.take(2)
    return milliseconds
  }

  private uint16(): number {
    return this.bytes.readUInt16BE(this.take(2))
  }

  private uint32(): number {
    return this.bytes.readUInt32BE(this.take(4))
  }

  private text(length: number): string {
    const start = this.take(length)
    return this.bytes.toString('utf8', start, start + length)
  }

  private take(length: number): number {
    const start = this.offset
    if (start + length > this.bytes.length) throw new AmfError('Cut short')
    this.offset = start + length
    return start
  }
}
