import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { AmfError, decodeAmf0 } from './amf.ts'
import { amf } from './test-kit.ts'

const test = suite('AMF0')

test('reads a connect command', () => {
  const [name, id, object] = decodeAmf0(amf('connect', 1, { app: 'live', tcUrl: 'rtmp://a/live' }))
  assert.equal([name, id], ['connect', 1])
  assert.equal({ ...(object as object) }, { app: 'live', tcUrl: 'rtmp://a/live' })
})

test('reads lists, dates, booleans and arrays with names', () => {
  const list = Buffer.from('0a00000002010105', 'hex')
  const date = Buffer.from('0b00000000000000000000', 'hex')
  const named = Buffer.from('08000000010001610101000009', 'hex')
  const values = decodeAmf0(Buffer.concat([list, date, named]))
  assert.equal(values.slice(0, 2), [[true, null], 0])
  assert.equal({ ...(values[2] as object) }, { a: true })
})

test('a value cut short at any byte is an error, never a hang [LIVE-02]', () => {
  const whole = amf('connect', 1, { app: 'live' })
  const ends = [7, 8, 12, 18, 19, 22, 27, whole.length - 1]
  for (const end of ends) {
    const isBetweenValues = end === amf('connect').length || end === amf('connect', 1).length
    if (isBetweenValues) continue
    assert.throws(
      () => decodeAmf0(whole.subarray(0, end)),
      (error: unknown) => error instanceof AmfError,
    )
  }
})

test('refuses deep nesting and lists that claim billions of values', () => {
  const nested = Buffer.concat(Array(5_000).fill(Buffer.from('0300016103', 'hex').subarray(0, 4)))
  assert.throws(() => decodeAmf0(nested), /too deep/)
  const nulls = Buffer.concat([Buffer.from('0affffffff', 'hex'), Buffer.alloc(60_000, 5)])
  assert.throws(() => decodeAmf0(nulls), /Too many/)
})

test('a property called __proto__ is only a name', () => {
  const [object] = decodeAmf0(amf({ ['__proto__']: 'x' }))
  assert.is(Object.getPrototypeOf(object), null)
  assert.is(({} as Record<string, unknown>).x, undefined)
})

test('any bytes either decode or give an AmfError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        decodeAmf0(Buffer.from(bytes))
      } catch (error) {
        assert.instance(error, AmfError)
      }
    }),
  )
})

test.run()
