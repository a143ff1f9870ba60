import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Deck } from './deck.ts'
import { LiveLine } from './live-line.ts'
import type { Source } from './source.ts'

const source = { id: 'show', isLive: true, playback: {} } as unknown as Source
const deck = (url: string, toMs: number) =>
  ({
    program: { kind: 'live', url },
    link: { reach: () => ({ fromMs: 0, toMs }), targetMs: () => 2_000 },
  }) as unknown as Deck

test('a list grows when more of it comes, not when another camera takes over [LIVE-10]', () => {
  const line = new LiveLine(source, () => 0)
  const grows = (url: string, toMs: number) => {
    line.heard(deck(url, toMs))
    return line.isGrowing
  }
  assert.is(grows('one', 10_000), false, 'the first look')
  assert.is(grows('two', 12_000), false, 'another camera')
  assert.is(grows('two', 12_000), false, 'nothing new')
  assert.is(grows('two', 14_000), true)
})

test.run()
