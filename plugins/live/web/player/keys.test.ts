import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { actionFor, keyAction, type Pressed } from './keys.ts'

const pressed = (change: Partial<Pressed>): Pressed => ({
  key: 'k',
  hasModifier: false,
  tag: 'BODY',
  inputType: '',
  isEditable: false,
  isOurs: true,
  ...change,
})

test('plays, mutes and fills the screen by keys; arrows seek in recordings only', () => {
  for (const key of [' ', 'k', 'K']) assert.is(keyAction(key, true), 'toggle')
  assert.is(keyAction('m', true), 'mute')
  assert.is(keyAction('f', false), 'fullscreen')
  assert.is(keyAction('ArrowLeft', false), 'back')
  assert.is(keyAction('ArrowLeft', true), null)
  assert.is(keyAction('constructor', false), null)
})

test('leaves keys to whoever writes, and to shortcuts of the browser', () => {
  assert.is(actionFor(pressed({ tag: 'TEXTAREA' }), true), null)
  assert.is(actionFor(pressed({ tag: 'INPUT', inputType: 'text' }), true), null)
  assert.is(actionFor(pressed({ isEditable: true }), true), null)
  assert.is(actionFor(pressed({ hasModifier: true, key: 'f' }), true), null)
  assert.is(actionFor(pressed({ isOurs: false }), true), null)
})

test('lets a focused button be pressed by space and a slider be moved by arrows', () => {
  assert.is(actionFor(pressed({ tag: 'BUTTON', key: ' ' }), true), null)
  assert.is(actionFor(pressed({ tag: 'BUTTON', key: 'k' }), true), 'toggle')
  assert.is(actionFor(pressed({ tag: 'INPUT', inputType: 'range', key: 'ArrowRight' }), false), null)
  assert.is(actionFor(pressed({ tag: 'INPUT', inputType: 'range', key: 'm' }), false), 'mute')
})

test.run()
