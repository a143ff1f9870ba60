import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { keyAction } from './keys.ts'

const press = (key: string, more = {}) => keyAction({ key, shiftKey: false, repeat: false, ...more })

test('each key of the help sheet does what it says [PLAY-10]', () => {
  const names = Object.fromEntries(
    [' ', 'k', 'j', 'l', 'n', 'p', 'm', 's', 'r', '7', 'Escape'].map((key) => [key, press(key)?.name]),
  )
  assert.equal(names, {
    ' ': 'toggle',
    k: 'toggle',
    j: 'step',
    l: 'step',
    n: 'next',
    p: 'previous',
    m: 'mute',
    s: 'shuffle',
    r: 'repeat',
    '7': 'part',
    Escape: 'close',
  })
  assert.equal(press('3'), { name: 'part', share: 0.3 })
  assert.equal(press('j'), { name: 'step', byMs: -10_000 })
  assert.is(press('N')?.name, 'next')
})

test('arrows move the page, and the music only with shift [PLAY-10]', () => {
  for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']) assert.is(press(key), null)
  assert.equal(press('ArrowLeft', { shiftKey: true }), { name: 'step', byMs: -5000 })
  assert.is(press('ArrowUp', { shiftKey: true })?.name, 'volume')
  assert.is(press('N', { shiftKey: true }), null)
})

test('a key that is held goes on stepping, and skips no ten tracks [PLAY-10]', () => {
  assert.is(press('l', { repeat: true })?.name, 'step')
  for (const key of ['n', ' ', 'm', '5']) assert.is(press(key, { repeat: true }), null)
})

test('other keys are nobody’s', () => {
  for (const key of ['x', 'Tab', 'Enter', 'F5', 'constructor', '٣']) assert.is(press(key), null, key)
})

test.run()
