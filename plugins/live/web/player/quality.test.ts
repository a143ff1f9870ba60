import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseChoice } from './kept.ts'
import { choicesOf, rungFor, shownChoice, thriftyCap } from './quality.ts'
import type { Rung } from './source.ts'

const rung = (index: number, height: number, isSource = false): Rung => ({
  index,
  width: Math.round((height * 16) / 9),
  height,
  bitsPerSecond: height * 3000,
  isSource,
})
const both = { audio: true, video: true }
const ladder = [rung(0, 480), rung(1, 720), rung(2, 1080, true)]

test('offers auto, the source, what is smaller, and the sound alone [LIVE-04] [LIVE-05]', () => {
  assert.equal(choicesOf(ladder, both), ['auto', 'source', 720, 480, 'audio'])
  assert.equal(choicesOf(ladder, { audio: false, video: true }), ['auto', 'source', 720, 480])
})

test('with one picture the choice is that or the sound; with nothing to choose there is no menu [LIVE-04] [LIVE-05]', () => {
  assert.equal(choicesOf([rung(0, 720, true)], both), ['source', 'audio'])
  assert.equal(choicesOf([rung(0, 720, true)], { audio: false, video: true }), [])
  assert.equal(choicesOf([], { audio: true, video: false }), [])
})

test('who comes back to the sound alone is offered the picture, though nothing is known of it [LIVE-05]', () => {
  assert.equal(choicesOf([], both), ['auto', 'audio'])
  assert.is(shownChoice('audio', []), 'audio')
})

test('a kept choice finds its nearest where the ladder is another [LIVE-04]', () => {
  assert.is(rungFor(720, ladder)?.index, 1)
  assert.is(rungFor(600, ladder)?.index, 0)
  assert.is(rungFor(240, ladder)?.index, 0)
  assert.is(rungFor('source', ladder)?.index, 2)
  assert.is(rungFor('auto', ladder), null)
  assert.is(shownChoice(600, ladder), 480)
  assert.is(shownChoice(720, [rung(0, 1080, true)]), 'source')
})

test('who spares data gets 480 lines at most by itself [LIVE-04]', () => {
  assert.is(thriftyCap(ladder), 0)
  assert.is(thriftyCap([rung(0, 720, true)]), null)
})

test('what a browser has kept is read with care [LIVE-04]', () => {
  assert.equal(['720', 'audio', 'source', 'auto', '', '-5', '1e9x', null].map(parseChoice), [
    720,
    'audio',
    'source',
    'auto',
    'auto',
    'auto',
    'auto',
    'auto',
  ])
})

test.run()
