import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { pathOf } from './qr-code.tsx'

test('joins neighbours of a row into one square after another', () => {
  const rows = [
    [true, true, false, true],
    [false, false, false, false],
    [false, true, true, true],
  ]
  assert.is(pathOf(rows), 'M0 0h2v1h-2zM3 0h1v1h-1zM1 2h3v1h-3z')
})

test.run()
