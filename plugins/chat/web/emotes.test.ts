import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cutAtEmotes, withSign } from './emotes.ts'

const urls = new Map([
  ['vinyl', '/media/1.webp'],
  ['wave', '/media/2.webp'],
])
const shown = (text: string) =>
  cutAtEmotes(text, urls).map(({ text, url }) => (url === null ? text : `[${text}]`))

test('names of emotes that there are become pictures, all else stays text [LIVE-07] [CHAT-10]', () => {
  assert.equal(shown('so :vinyl: good'), ['so ', '[:vinyl:]', ' good'])
  assert.equal(shown(':wave::vinyl:'), ['[:wave:]', '[:vinyl:]'])
  assert.equal(shown('at 10:30:wave:'), ['at 10:30', '[:wave:]'])
  assert.equal(shown(':nobody:vinyl:'), [':nobody', '[:vinyl:]'])
  assert.equal(shown(':nobody: :Vinyl: : vinyl:'), [':nobody: :Vinyl: : vinyl:'])
})

test('no character is lost or added, whatever is written [LIVE-07]', () => {
  const piece = fc.oneof(fc.constantFrom(':vinyl:', ':wave:', ':', ':x_1:', 'vinyl', ' '), fc.string())
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join('')
      const stretches = cutAtEmotes(text, urls)
      assert.is(stretches.map(({ text }) => text).join(''), text)
      for (const { text: own, at, url } of stretches) {
        assert.is(text.slice(at, at + own.length), own)
        if (url !== null) assert.is(urls.get(own.slice(1, -1)), url)
      }
    }),
  )
})

test('a sign is put where the caret is, apart from the words beside it [LIVE-07]', () => {
  assert.equal(withSign('', '🔥', [0, 0]), { text: '🔥 ', caret: 3 })
  assert.equal(withSign('so good', ':wave:', [2, 2]), { text: 'so :wave: good', caret: 9 })
  assert.equal(withSign('so bad', ':wave:', [3, 6]), { text: 'so :wave: ', caret: 10 })
})

test.run()
