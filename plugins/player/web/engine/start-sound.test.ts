import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Deck } from './deck.ts'
import { startSound } from './start-sound.ts'

const test = suite('start of the sound')
const real = { setTimeout: globalThis.setTimeout, navigator: globalThis.navigator }
let waits: { ms: number; end: () => void }[] = []

function pressed(hasBeenActive: boolean): void {
  Object.defineProperty(globalThis, 'navigator', {
    value: { userActivation: { hasBeenActive } },
    configurable: true,
  })
}

/** Begins with an AudioContext that sleeps; answers what wakes it, and how often the browser was said to refuse. */
function begin() {
  const context = { state: 'suspended', resume: async () => {} }
  const seen = { refusals: 0 }
  const deck = { isRouted: true, play: async () => {} } as Deck
  startSound(deck, context as unknown as AudioContext, () => {
    seen.refusals += 1
  })
  return { context, seen }
}

test.before.each(() => {
  waits = []
  globalThis.setTimeout = ((end: () => void, ms: number) => waits.push({ end, ms })) as never
})
test.after.each(() => {
  globalThis.setTimeout = real.setTimeout
  Object.defineProperty(globalThis, 'navigator', { value: real.navigator, configurable: true })
})

test('a browser that nobody pressed anything in is soon known to refuse [PLAY-01]', () => {
  pressed(false)
  const { seen } = begin()
  assert.ok(waits[0]!.ms < 1_000)
  waits[0]!.end()
  assert.is(seen.refusals, 1)
})

test('after a press a slow sound device is waited for, and is no refusal [PLAY-01]', () => {
  pressed(true)
  const { context, seen } = begin()
  assert.ok(waits[0]!.ms > 3_000)
  context.state = 'running'
  waits[0]!.end()
  assert.is(seen.refusals, 0)
})

test.run()
