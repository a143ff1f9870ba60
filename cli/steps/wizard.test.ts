import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { begin, next, questions } from './wizard.ts'

const test = suite('wizard')

test('a whole line may come at once, as by pasting [OPS-01]', () => {
  const state = next(begin(), '\rNight Records\rme@label.test\rlong enough it is\rlong enough it is\r')
  assert.is(state.index, questions.length)
  assert.equal([state.answers.title, state.answers.email], ['Night Records', 'me@label.test'])
})

test('backspace takes back one character, emoji included, and control characters are not typed', () => {
  const state = next(next(begin(), '\r'), 'A🎛\b\bB\u0001C')
  assert.is(state.text, 'BC')
})

test('a wrong answer stays to be mended', () => {
  const state = next(next(begin(), '\b'.repeat(60)), 'label\r')
  assert.is(state.index, 0)
  assert.is(state.text, 'label')
  assert.match(state.error ?? '', /not a web address/)
})

test('two passwords that differ are both asked again', () => {
  const state = next(begin(), '\rx\rme@label.test\rlong enough it is\rlong enough it was\r')
  assert.is(questions[state.index]?.key, 'password')
  assert.match(state.error ?? '', /differ/)
})

test.run()
