import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { VezaError } from '../errors.ts'
import { loadAddedPlugins, loadPlugin } from './added-plugins.ts'

const good = `import { definePlugin } from 'veza/sdk'
export default definePlugin({ name: 'hello', version: '1.0.0', title: 'Hello', setup: () => {} })`

let folder = ''
test.before.each(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veza-plugins-'))
})
test.after.each(async () => rm(folder, { recursive: true }))

async function put(name: string, manifest: unknown, code: string): Promise<string> {
  const path = join(folder, name)
  await mkdir(path, { recursive: true })
  if (manifest !== undefined) await writeFile(join(path, 'package.json'), JSON.stringify(manifest))
  await writeFile(join(path, 'index.js'), code)
  return path
}
const refusal = async (path: string) => {
  const error = await loadPlugin(path).then(
    () => null,
    (cause: unknown) => cause,
  )
  assert.instance(error, VezaError)
  return (error as VezaError).message
}

test('loads a plugin of the data folder against this very sdk [BEY-06]', async () => {
  await put(
    'hello',
    { name: 'hello', version: '1.0.0', type: 'module', peerDependencies: { veza: '^0.1.0' } },
    good,
  )
  const loaded = await loadAddedPlugins(folder)
  assert.equal(
    loaded.map(({ plugin }) => plugin.name),
    ['hello'],
  )
  assert.is((await loadAddedPlugins(folder)).length, 1, 'a second start makes the link again')
})

test('an empty or missing folder holds no plugins', async () => {
  assert.equal(await loadAddedPlugins(join(folder, 'nowhere')), [])
})

test('refuses a plugin made for another version, naming both', async () => {
  assert.match(
    await refusal(
      await put(
        'late',
        { name: 'late', version: '1.0.0', type: 'module', peerDependencies: { veza: '^99.0.0' } },
        good,
      ),
    ),
    /made for Veza \^99\.0\.0; this is/,
  )
})

test('refuses a folder without a manifest, code that does not load, and code that exports no plugin', async () => {
  assert.match(await refusal(await put('bare', undefined, good)), /no package\.json/)
  assert.match(
    await refusal(
      await put('broken', { name: 'broken', version: '1.0.0', type: 'module' }, 'import "nowhere"'),
    ),
    /could not be loaded/,
  )
  assert.match(
    await refusal(
      await put('empty', { name: 'empty', version: '1.0.0', type: 'module' }, 'export default 1'),
    ),
    /does not export a plugin/,
  )
})

test.run()
