import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { canGoOnFrom, isHeld } from './hand-over.ts'

const [nothing, metadata, current, future, enough] = [0, 1, 2, 3, 4]

test('another camera gets into step with what is shown, and begins anew where that has come to its end [LIVE-10]', () => {
  const goesOn = (readyState: number, ended = false) => canGoOnFrom({ readyState, ended })
  assert.equal(
    [nothing, metadata, current, enough].map((state) => goesOn(state)),
    [false, false, true, true],
  )
  assert.is(goesOn(enough, true), false)
  assert.is(goesOn(current, true), false)
})

test('an element with no picture after this one waits, though it was told to play [LIVE-10]', () => {
  const held = [nothing, metadata, current, future, enough].map((readyState) => isHeld({ readyState }))
  assert.equal(held, [true, true, true, false, false])
})

test.run()
