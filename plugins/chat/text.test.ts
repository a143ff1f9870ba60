import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { normaliseText } from './contract.ts'

test('keeps HTML, quotes and emoji as the plain text they are', () => {
  const text = `<script>alert('x')</script> & "é" 👩‍🚀 ♥️`
  assert.is(normaliseText(text), text)
})

test('composes letters, drops control and direction characters, turns tabs into spaces', () => {
  assert.is(normaliseText('e\u0301\u0000\u0007\u001b[31m\u202eabc\u2066\tx'), 'é[31mabc x')
})

test('keeps five line breaks and joins the lines after them', () => {
  assert.is(normaliseText('1\r\n2\r3\u20284\n5\n6\n7\n\n8'), '1\n2\n3\n4\n5\n6 7 8')
})

test('answers an empty text where nothing can be seen', () => {
  for (const text of ['', ' \n\t', '\u200b\u200d', '\u0000', '\u202e', '\u2028'])
    assert.is(normaliseText(text), '')
})

test('answers storable text for any string, and the same text when asked twice', () => {
  const anything = fc.string({ unit: 'binary', maxLength: 200 })
  fc.assert(
    fc.property(anything, (text) => {
      const once = normaliseText(text)
      assert.ok(once.isWellFormed())
      assert.not.match(once, /[\p{Cc}--\n]/v)
      assert.ok(once.split('\n').length <= 6)
      assert.is(normaliseText(once), once)
    }),
  )
})

test.run()
