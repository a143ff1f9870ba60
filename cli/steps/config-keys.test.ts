import { readFile } from 'node:fs/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { bundledPlugins } from '../../server/main.ts'
import { loadConfig } from '../../server/settings/load.ts'
import { checkPluginSettings } from '../../server/settings/plugin-settings.ts'
import { exampleText, knownKeys, masked, withValue } from './config-keys.ts'

const test = suite('config keys')
const file = new URL('../../config.example.yaml', import.meta.url)

test('config.example.yaml is what the schemas say [OPS-03]', async () => {
  const text = exampleText(bundledPlugins)
  assert.is(await readFile(file, 'utf8'), text, 'make it anew: veza config example > config.example.yaml')
})

test('the example without its marks is a right config.yaml with every default [OPS-03]', () => {
  const text = exampleText(bundledPlugins)
    .split('\n')
    .slice(2)
    .map((line) => line.replace(/^# /, ''))
    .join('\n')
  const loaded = loadConfig('/nowhere', {}, text)
  checkPluginSettings(loaded, bundledPlugins)
  // A setting without a default has no value there, which is as good as not being named.
  const named = (_key: string, value: unknown) => (value === null ? undefined : value)
  const plugins = JSON.parse(JSON.stringify(parse(text).plugins, named))
  assert.equal(loaded.config, { ...loadConfig('/nowhere', {}).config, plugins })
})

test('a value is set between comments, and nothing else moves', () => {
  const before = '# mine\nhttp:\n  # the port\n  port: 1 # low\nlog:\n  level: warn\n'
  assert.is(withValue(before, ['http', 'port'], 2), before.replace('port: 1', 'port: 2'))
  assert.is(withValue('# mine\n', ['log', 'level'], 'warn'), '# mine\n\nlog:\n  level: warn\n')
  assert.is(withValue('', ['log', 'level'], 'warn'), 'log:\n  level: warn\n')
})

test('secrets are not shown', () => {
  const key = (name: string) => knownKeys([]).find((known) => known.key === name)!
  assert.is(masked(key('mail.password'), 'hunter2'), '(hidden)')
  assert.is(masked(key('database.url'), 'postgres://u:hunter2@h/d'), 'postgres://u:(hidden)@h/d')
  assert.is(masked(key('http.port'), 80), 80)
})

test.run()
