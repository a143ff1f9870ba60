import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { setLanguage, useTexts } from '#web'
import { delayWords } from './delay-words.ts'
import { playerTexts } from './texts.ts'

const words = (delayS: number | null) => delayWords(useTexts(playerTexts), delayS)

test('says how far behind a viewer is, in tenths only while they matter [LIVE-03]', () => {
  assert.is(words(null), 'LIVE')
  assert.is(words(4.23), 'LIVE · 4.2 s behind')
  assert.is(words(9.94), 'LIVE · 9.9 s behind')
  assert.is(words(9.96), 'LIVE · 10 s behind')
  assert.is(words(63.4), 'LIVE · 63 s behind')
  assert.is(words(150), 'LIVE · 3 min behind')
})

test('says it in French with a decimal comma', () => {
  setLanguage('fr')
  const said = words(4.23)
  setLanguage('en')
  assert.is(said, 'EN DIRECT · 4,2 s de retard')
})

test.run()
