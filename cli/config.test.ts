import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { assertSaid, here } from './testdata/here.ts'
import { madeFolder, removeFolder, veza } from './testdata/veza.ts'

const test = suite<{ parent: string; data: string }>('config')
test.before(async (context) => {
  Object.assign(context, await madeFolder())
})
test.after(({ parent }) => removeFolder(parent))

test('config sets a value between the comments and refuses what is wrong [OPS-03]', async ({ data }) => {
  const config = (...words: string[]) => here(['config', ...words, '--data', data, '--json'])
  assert.is((await veza(['config', 'set', 'http.port', '8123', '--data', data])).code, 0)
  const file = await readFile(join(data, 'config.yaml'), 'utf8')
  assert.match(file, /^# Settings[\s\S]*http:\n {2}port: 8123\n$/)
  const got = await config('get', 'http.port')
  assert.equal([got.json.value, got.json.source], [8123, 'file'])
  assertSaid(await config('set', 'http.prot', '1'), 2, /Unknown setting "http.prot"/)
  assertSaid(await config('set', 'http.port', 'many'), 2, /http\.port/)
  assert.is(await readFile(join(data, 'config.yaml'), 'utf8'), file)
  assert.is((await config('set', 'site.title', 'Night Records')).code, 0)
  assert.is((await config('get', 'site.title')).json.value, 'Night Records')
  const shown = (await here(['config', 'show', '--data', data, '--json'], { VEZA_MAIL_PASSWORD: 'hunter2' }))
    .json
  const item = (key: string) => shown.items.find((one: { key: string }) => one.key === key)
  assert.equal([item('mail.password').value, item('mail.password').source], ['(hidden)', 'environment'])
  assert.is(item('plugins.live.graceS').environment, 'VEZA_PLUGINS_LIVE_GRACE_S')
})

test('config check and start name the nearest key for an unknown one [OPS-03]', async ({ data }) => {
  const file = join(data, 'config.yaml')
  const before = await readFile(file, 'utf8')
  await writeFile(file, 'htpp:\n  port: 1\n')
  assertSaid(await veza(['config', 'check', '--data', data]), 1, /Unknown setting "htpp"[\s\S]*"http"/)
  assertSaid(await veza(['start', '--data', data]), 1, /Unknown setting "htpp"[\s\S]*"http"/)
  assert.is((await here(['config', 'show', '--data', data])).code, 0, 'show is where one looks then')
  await writeFile(file, 'plugins:\n  lvie: {}\n')
  assertSaid(await here(['start', '--data', data]), 1, /plugins\.lvie[\s\S]*plugins\.live/)
  await writeFile(file, before)
  assert.equal((await here(['config', 'check', '--data', data, '--json'])).json.isOk, true)
})

test.run()
