import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { slugOf } from './slug.ts'

test('makes an address of a name', () => {
  assert.is(slugOf('Élan & Söhne'), 'elan-sohne')
  assert.is(slugOf('  DJ  X  '), 'dj-x')
  assert.is(slugOf('夜'), '')
  assert.is(slugOf(`${'a'.repeat(39)} b`), 'a'.repeat(39))
})

test.run()
