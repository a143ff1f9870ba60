import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { piecesOf } from './links.ts'

const links = (text: string) =>
  piecesOf(text)
    .filter((piece) => piece.href)
    .map((piece) => piece.text)

test('links http and https addresses, without the punctuation of the sentence', () => {
  assert.equal(links('see https://a.example/x, or (http://b.example/y_(z)).'), [
    'https://a.example/x',
    'http://b.example/y_(z)',
  ])
  assert.equal(links('HTTPS://A.EXAMPLE/é?q=1#top !'), ['HTTPS://A.EXAMPLE/é?q=1#top'])
})

test('leaves every other scheme and broken addresses as text', () => {
  const texts = [
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://a.example',
    'https://',
    'http://[x',
    'xhttps://a.b',
  ]
  for (const text of texts) assert.equal(piecesOf(text), [{ text, href: null, at: 0 }], text)
})

test('never loses or adds a character, and links lead only to http and https', () => {
  const word = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.webUrl(),
    fc.constantFrom('https://', ')', '"', '<b>', ' '),
  )
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const text = words.join('')
      const pieces = piecesOf(text)
      assert.is(pieces.map((piece) => piece.text).join(''), text)
      for (const { href } of pieces) assert.ok(href === null || /^https?:\/\/./.test(href))
    }),
  )
})

test.run()
