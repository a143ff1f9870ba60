import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from '#contract'
import { definePlugin } from '#sdk'
import type { VezaError } from '../errors.ts'
import type { LoadedConfig } from './load.ts'
import { checkPluginSettings } from './plugin-settings.ts'

const settings = z.strictObject({ size: z.number().default(1), needed: z.string() })
const plugins = [
  definePlugin({ name: 'tuned', version: '1.0.0', title: 'Tuned', settings, setup: () => {} }),
  definePlugin({ name: 'plain', version: '1.0.0', title: 'Plain', setup: () => {} }),
]
const check = (inFile: Record<string, object>, environment = {}) =>
  checkPluginSettings(
    { config: { plugins: inFile }, environment, file: 'config.yaml' } as unknown as LoadedConfig,
    plugins,
  )
const refusal = (...how: Parameters<typeof check>) => {
  try {
    check(...how)
  } catch (error) {
    const { message, remedy } = error as VezaError
    return `${message} ${remedy}`
  }
  return 'taken'
}

const test = suite('settings of plugins in config.yaml')

test('are taken where they are right, or left to the database', () => {
  const right: Record<string, object>[] = [
    {},
    { tuned: {} },
    { plain: {} },
    { tuned: { size: 2, needed: 'a' } },
  ]
  for (const inFile of right) assert.is(refusal(inFile), 'taken')
  assert.is(refusal({ tuned: { needed: 'a' } }, { VEZA_PLUGINS_TUNED_SIZE: '5' }), 'taken')
})

test('of a plugin that is not there, or has none, or are wrong, are one sentence [OPS-03]', () => {
  assert.match(
    refusal({ tuend: {} }),
    'Unknown setting "plugins.tuend" in config.yaml. There is no such plugin. Did you mean "plugins.tuned"?',
  )
  assert.match(refusal({ plain: { a: 1 } }), 'The plugin "plain" has no settings.')
  assert.match(refusal({ tuned: { needed: 'a', sise: 1 } }), 'Unknown setting "sise"')
  assert.match(refusal({ tuned: { needed: 'a' } }, { VEZA_PLUGINS_TUNED_SIZE: 'big' }), 'The setting "size"')
})

test.run()
