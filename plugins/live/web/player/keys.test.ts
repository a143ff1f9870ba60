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
  isPage: false,
  ...change,
})

test('plays, mutes and fills the screen by keys; arrows, J and L seek, Home and End go to the ends, P and N by chapters [LIVE-12] [LIVE-13]', () => {
  for (const key of [' ', 'k', 'K']) assert.is(keyAction(key, false), 'toggle')
  assert.is(keyAction('m', false), 'mute')
  assert.is(keyAction('f', false), 'fullscreen')
  for (const key of ['ArrowLeft', 'j', 'J']) assert.is(keyAction(key, false), 'back')
  for (const key of ['ArrowRight', 'l']) assert.is(keyAction(key, false), 'forward')
  assert.equal([keyAction('Home', false), keyAction('End', false)], ['start', 'edge'])
  assert.equal([keyAction('p', false), keyAction('N', false)], ['chapterBefore', 'nextChapter'])
  assert.is(keyAction('constructor', false), null)
})

test('numbers choose cameras, where there are some [LIVE-10]', () => {
  assert.is(keyAction('2', true), 2)
  assert.is(keyAction('2', false), null)
  assert.is(keyAction('0', true), null)
})

test('leaves keys to whoever writes, to the page, and to shortcuts of the browser', () => {
  assert.is(actionFor(pressed({ tag: 'TEXTAREA' }), true), null)
  assert.is(actionFor(pressed({ tag: 'INPUT', inputType: 'text', key: '2' }), true), null)
  assert.is(actionFor(pressed({ isEditable: true }), true), null)
  assert.is(actionFor(pressed({ hasModifier: true, key: 'f' }), true), null)
  assert.is(actionFor(pressed({ isOurs: false }), true), null)
  assert.is(actionFor(pressed({ isPage: true, key: 'End' }), true), null)
  assert.is(actionFor(pressed({ key: 'End' }), true), 'edge')
})

test('lets a focused button be pressed by space and a slider be moved by its keys', () => {
  assert.is(actionFor(pressed({ tag: 'BUTTON', key: ' ' }), true), null)
  assert.is(actionFor(pressed({ tag: 'BUTTON', key: 'k' }), true), 'toggle')
  for (const key of ['ArrowRight', 'Home', 'End'])
    assert.is(actionFor(pressed({ tag: 'INPUT', inputType: 'range', key }), false), null)
  assert.is(actionFor(pressed({ tag: 'INPUT', inputType: 'range', key: 'm' }), false), 'mute')
})

test.run()
