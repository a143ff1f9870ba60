import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { setLanguage, useTexts } from '#web'
import { onAirMs, onForWords } from './duration.ts'
import { liveTexts } from './texts.ts'

const start = '2026-11-22T20:00:00.000Z'
const after = (ms: number) => Date.parse(start) + ms
const words = (ms: number) => onForWords(useTexts(liveTexts), ms)

test('knows how long a stream has been on, never less than nothing', () => {
  assert.is(onAirMs(start, after(4_320_000)), 4_320_000)
  assert.is(onAirMs(start, after(-5_000)), 0)
  assert.is(onAirMs(null, after(0)), null)
  assert.is(onAirMs('soon', after(0)), null)
})

test('says it in hours and minutes, in both languages [LIVE-01]', () => {
  assert.is(words(30_000), 'Just begun')
  assert.is(words(4_320_000), 'On for 1 h 12 min')
  setLanguage('fr')
  const said = [words(30_000), words(4_320_000)]
  setLanguage('en')
  assert.equal(said, ['Vient de commencer', 'À l’antenne depuis 1 h 12 min'])
})

test.run()
