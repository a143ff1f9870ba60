import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { plainAddress } from './plain-address.ts'

const test = suite('addresses')

test('one caller has one address, however a proxy writes it [SEC-07]', () => {
  const cases: [given: string, plain: string][] = [
    ['203.0.113.5', '203.0.113.5'],
    ['203.0.113.5:4711', '203.0.113.5'],
    ['::ffff:203.0.113.5', '203.0.113.5'],
    ['::FFFF:cb00:7105', '203.0.113.5'],
    ['[::ffff:203.0.113.5]:443', '203.0.113.5'],
    ['2001:db8::1', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['unknown', 'unknown'],
    ['', ''],
  ]
  for (const [given, plain] of cases) assert.is(plainAddress(given), plain, given)
})

test.run()
