import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { useTexts } from '#web'
import { chapterAt, chapterBeside, longWords, shortWords } from './line-words.ts'
import { playerTexts } from './texts.ts'

const now = Date.UTC(2026, 4, 1, 21, 14, 0)

test('says how far behind live a moment is, and what time it was [LIVE-12]', () => {
  const t = useTexts(playerTexts)
  assert.is(shortWords(t, { toMs: now }, now - 200_000, true), '-3:20')
  assert.is(shortWords(t, { toMs: now }, now - 1_000, true), 'LIVE')
  assert.match(longWords(t, { toMs: now }, now - 200_000, true), /^3:20 behind live, \d\d?:\d\d/)
})

test('says where a recording is, and which chapter runs [LIVE-13]', () => {
  const t = useTexts(playerTexts)
  assert.is(longWords(t, { toMs: 600_000 }, 61_000, false), '1:01 of 10:00')
  const chapters = [
    { atMs: 10_000, title: 'Opening' },
    { atMs: 90_000, title: 'Second' },
  ]
  assert.is(chapterAt(chapters, 5_000), null)
  assert.is(chapterAt(chapters, 90_000)?.title, 'Second')
})

test('goes from chapter to chapter, and first to where the one that plays began [LIVE-13]', () => {
  const chapters = [10_000, 90_000].map((atMs) => ({ atMs, title: String(atMs) }))
  const beside = (atMs: number, to: 'before' | 'next') => chapterBeside(chapters, atMs, to)
  assert.equal([beside(0, 'next'), beside(10_000, 'next'), beside(90_000, 'next')], [10_000, 90_000, null])
  assert.equal(
    [beside(95_000, 'before'), beside(91_000, 'before'), beside(10_500, 'before')],
    [90_000, 10_000, 0],
  )
  assert.equal([chapterBeside([], 5_000, 'before'), chapterBeside([], 5_000, 'next')], [null, null])
})

test.run()
