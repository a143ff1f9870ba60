import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { guessFromPath } from './path-guess.ts'
import { cut, line, repaired } from './text.ts'
import type { PathGuess } from './types.ts'
import { dateOf, isrcOf, keyOf, noticesOf, numberOf, upcOf } from './values.ts'

const test = suite('values and guesses')

test('guesses from the path what people write into paths [FILE-04] [FILE-10]', () => {
  const cases: Record<string, PathGuess> = {
    'Artist/2021 - Album/CD1/03 - Title.flac': {
      artist: 'Artist',
      album: 'Album',
      discNumber: 1,
      trackNumber: 3,
      title: 'Title',
    },
    'Artist\\Album (1999)\\Disc 2\\03 Title.mp3': {
      artist: 'Artist',
      album: 'Album',
      discNumber: 2,
      trackNumber: 3,
      title: 'Title',
    },
    'C:\\Music\\Artist\\Album\\2-11 Title.mp3': {
      artist: 'Artist',
      album: 'Album',
      discNumber: 2,
      trackNumber: 11,
      title: 'Title',
    },
    'Artist - Title.mp3': { artist: 'Artist', title: 'Title' },
    '03. Title.wav': { trackNumber: 3, title: 'Title' },
    '03_Some_Title.wav': { trackNumber: 3, title: 'Some Title' },
    'Artist - Album/01 - Artist - Title.m4a': {
      artist: 'Artist',
      album: 'Album',
      trackNumber: 1,
      title: 'Title',
    },
    'Artist - 2004 - Album/02 Title.ogg': {
      artist: 'Artist',
      album: 'Album',
      trackNumber: 2,
      title: 'Title',
    },
    'Artist - Album - 04 - Title.mp3': { artist: 'Artist', trackNumber: 4, title: 'Title' },
    '99 Luftballons.mp3': { trackNumber: undefined, title: '99 Luftballons' } as unknown as PathGuess,
    '1979.mp3': { title: '1979' },
    'Mr. Big.mp3': { title: 'Mr. Big' },
    'Björk/Début/Ünder – Größe.flac': { artist: 'Ünder', album: 'Début', title: 'Größe' },
    '../../etc/passwd': { artist: undefined, album: 'etc', title: 'passwd' } as unknown as PathGuess,
    '': { title: 'Untitled' },
  }
  for (const [path, guess] of Object.entries(cases))
    assert.equal(guessFromPath(path), JSON.parse(JSON.stringify(guess)), path)
})

test('a guess never fails and never has more than it may, whatever the path [FILE-03] [FILE-10]', () => {
  const part = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom('/', '\\', ' - ', '03', '.mp3', 'CD1', '..', '\0', '\u202e', '1-', '(2020)', ' '),
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
      const guess = guessFromPath(parts.join(''))
      assert.ok(guess.title.length > 0 && guess.title.length <= 200)
      for (const name of [guess.artist ?? 'x', guess.album ?? 'x'])
        assert.ok(name.length > 0 && name.length <= 200)
      for (const text of Object.values(guess).filter((value) => typeof value === 'string'))
        assert.not.match(text, /[\p{Cc}\u202e\ufeff]/u)
      for (const number of [guess.trackNumber ?? 1, guess.discNumber ?? 1])
        assert.ok(number >= 1 && number <= 999)
    }),
    { numRuns: 500 },
  )
})

test('writes each key one way, from names, Camelot and Open Key [FILE-04]', () => {
  const cases: Record<string, string | null> = {
    Am: 'Am',
    'A minor': 'Am',
    amin: 'Am',
    'a moll': 'Am',
    '8A': 'Am',
    '1m': 'Am',
    '08A': 'Am',
    C: 'C',
    'C major': 'C',
    CM: 'C',
    '8B': 'C',
    '1d': 'C',
    Cmaj: 'C',
    'F#m': 'F#m',
    Gbm: 'F#m',
    'F♯ minor': 'F#m',
    '11A': 'F#m',
    '4m': 'F#m',
    Bb: 'Bb',
    'A#': 'Bb',
    'B♭ major': 'Bb',
    '6B': 'Bb',
    '11d': 'Bb',
    '12B': 'E',
    '5d': 'E',
    '1A': 'G#m',
    '6m': 'G#m',
    Cb: 'B',
    'B#': 'C',
    H: null,
    '13A': null,
    '0A': null,
    o: null,
    '': null,
    All: null,
  }
  for (const [text, key] of Object.entries(cases)) assert.is(keyOf(text), key, text)
  for (const text of Object.values(cases)) if (text) assert.is(keyOf(text), text)
})

test('takes only codes, dates and numbers that can be right [FILE-04]', () => {
  assert.is(isrcOf('us-abc-21-00001'), 'USABC2100001')
  for (const wrong of ['USABC210001', '1SABC2100001', 'USABC21O0001', ''])
    assert.is(isrcOf(wrong), null, wrong)
  assert.is(upcOf('0 36000 29145 2'), '036000291452')
  assert.is(upcOf('4006381333931'), '4006381333931')
  for (const wrong of ['036000291453', '4006381333930', '12345', '000000000000'])
    assert.is(upcOf(wrong), null, wrong)
  const dates = {
    '2021': '2021',
    '2021-3': '2021-03',
    '2021-03-15T10:00': '2021-03-15',
    '20210315': '2021-03-15',
    '2021-02-30': '2021-02',
    '2021-13-01': '2021',
    '2021/04/05': '2021-04-05',
    '0000': null,
    '15.03.2021': null,
    soon: null,
  }
  for (const [text, date] of Object.entries(dates)) assert.is(dateOf(text), date, text)
  assert.equal(
    [numberOf('03/12'), numberOf('3 of 9'), numberOf('A1'), numberOf('0'), numberOf('/7')],
    [
      { number: 3, total: 12 },
      { number: 3, total: 9 },
      { number: null, total: null },
      { number: null, total: null },
      { number: null, total: 7 },
    ],
  )
  assert.equal(noticesOf('(C) 2021 M, (P) 2020 L'), { pLine: '℗ 2020 L', cLine: '© 2021 M' })
  assert.equal(noticesOf('2021 M'), { pLine: null, cLine: '2021 M' })
})

test('text comes out clean, whole and the same a second time [FILE-03] [FILE-04]', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.nat(50), (text, length) => {
      const short = cut(line(text), length)
      assert.ok(short.length <= length && short.isWellFormed())
      assert.is(line(line(text)), line(text))
    }),
    { numRuns: 500 },
  )
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
      assert.is(repaired(Buffer.from(`é${text}`).toString('latin1')), `é${text}`)
    }),
  )
  for (const text of ['Café', 'Ünï', 'Ã', 'naïve', '日本', '“quoted”']) assert.is(repaired(text), text)
})

test.run()
