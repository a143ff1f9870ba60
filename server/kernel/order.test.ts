import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Contract, defineContract, optional } from '#contract'
import { definePlugin, type Plugin } from '#sdk'
import { VezaError } from '../errors.ts'
import { affectedBy, dependents, orderPlugins } from './order.ts'

const plugin = (name: string, needs: Record<string, Contract> = {}): Plugin =>
  definePlugin({ name, version: '1.0.0', title: name, needs, setup: () => {} })
const need = (name: string) => defineContract<object>(name)
const names = (plugins: readonly Plugin[]) => plugins.map((one) => one.name)
const refusal = (plugins: Plugin[]) => {
  try {
    orderPlugins(plugins)
  } catch (error) {
    assert.instance(error, VezaError)
    return (error as VezaError).message
  }
  throw new Error('nothing was refused')
}

test('puts every need first', () => {
  const order = names(
    orderPlugins([
      plugin('shop', { a: need('catalog'), b: need('mailing') }),
      plugin('catalog', { m: need('media') }),
      plugin('mailing'),
      plugin('media'),
    ]),
  )
  assert.equal(order, ['media', 'catalog', 'mailing', 'shop'])
})

test('an optional need may be missing, but comes first when it is there', () => {
  assert.equal(names(orderPlugins([plugin('chat', { live: optional(need('live')) })])), ['chat'])
  assert.equal(names(orderPlugins([plugin('chat', { live: optional(need('live')) }), plugin('live')])), [
    'live',
    'chat',
  ])
})

test('refuses a need that is nowhere, naming both', () => {
  assert.match(refusal([plugin('shop', { c: need('catalog') })]), /"shop" needs "catalog"/)
})

test('refuses a circle, naming its members', () => {
  assert.match(refusal([plugin('aa', { b: need('bb') }), plugin('bb', { a: need('aa') })]), /aa -> bb -> aa/)
})

test('refuses a bad name and a double one', () => {
  assert.match(refusal([plugin('../evil')]), /not allowed/)
  assert.match(refusal([plugin('live'), plugin('live')]), /Two plugins/)
})

test('knows who needs whom', () => {
  const ordered = orderPlugins([
    plugin('media'),
    plugin('catalog', { m: need('media') }),
    plugin('shop', { c: need('catalog') }),
    plugin('chat', { m: optional(need('media')) }),
  ])
  assert.equal(names(dependents(ordered, 'media', true)), ['catalog'])
  assert.equal(names(dependents(ordered, 'media', false)), ['catalog', 'chat'])
  assert.equal(names(affectedBy(ordered, 'media')), ['media', 'catalog', 'shop', 'chat'])
})

test.run()
