import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { create, Header } from 'tar'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type RunningServer, startServer } from '../test/kit/server.ts'
import { eventually } from '../test/kit/wait.ts'
import { here, said } from './testdata/here.ts'
import { madeFolder, removeFolder, veza } from './testdata/veza.ts'

const example = fileURLToPath(new URL('../test/example-plugin', import.meta.url))

const test = suite<{ parent: string; data: string; server: RunningServer }>('added plugins')
test.before(async (context) => {
  Object.assign(context, await madeFolder())
})
test.after(async ({ parent, server }) => {
  await server?.close()
  await removeFolder(parent)
})
const plugin = (data: string, ...words: string[]) => here(['plugin', ...words, '--data', data, '--json'])
const leftOver = async (data: string) => (await readdir(data)).filter((name) => name.startsWith('.plugin'))

test('a folder is checked, put in place, and its command is there [BEY-06]', async ({ data }) => {
  const added = await veza(['plugin', 'add', example, '--data', data, '--json'])
  assert.equal(added.json, { name: 'example', version: '1.0.0', isReplaced: false, needsRestart: false })
  assert.equal(await leftOver(data), [])
  const { items } = (await plugin(data, 'list')).json
  const own = items.find((item: { name: string }) => item.name === 'example')
  assert.equal([own.state, own.origin], ['running', 'added'])
  const count = await veza(['example', 'count', '--data', data, '--json'])
  assert.equal(count.json, { times: 0 })
  assert.is((await here(['config', 'set', 'plugins.example.greeting', 'Salut', '--data', data])).code, 0)
})

test('is disabled and enabled at run time, without a restart [BEY-06]', async (context) => {
  const { data } = context
  context.server = await startServer({ dataDir: data })
  const greet = async () => fetch(`${context.server.url}/api/v1/example/hello`)
  assert.equal(await (await greet()).json(), { greeting: 'Salut', times: 1 })
  assert.is((await veza(['plugin', 'disable', 'example', '--data', data])).code, 0)
  await eventually('the route to be gone', async () => (await greet()).status === 404)
  assert.is((await plugin(data, 'enable', 'example')).code, 0)
  await eventually('the route to be back', async () => (await greet()).status === 200)
  const { times } = (await (await greet()).json()) as { times: number }
  assert.ok(times > 2, 'what it kept is still there')
  const again = await plugin(data, 'add', example)
  assert.equal([again.json.isReplaced, again.json.needsRestart], [true, true])
  const removed = await plugin(data, 'remove', 'example')
  assert.ok(existsSync(join(removed.json.movedTo, 'index.js')))
  await eventually('the route to be gone', async () => (await greet()).status === 404)
  await context.server.stop()
})

test('a tarball is added as well, and is on although an older one was removed [BEY-06]', async ({
  parent,
  data,
}) => {
  const file = join(parent, 'example-1.0.0.tgz')
  await mkdir(join(parent, 'pack'))
  await cp(example, join(parent, 'pack/package'), { recursive: true })
  await create({ file, gzip: true, cwd: join(parent, 'pack'), portable: true }, ['package'])
  assert.is((await plugin(data, 'add', file)).code, 0)
  assert.equal((await readdir(join(data, 'plugins/example'))).sort(), [
    'README.md',
    'index.js',
    'migrations',
    'package.json',
  ])
  const { items } = (await plugin(data, 'list')).json
  assert.is(items.find((item: { name: string }) => item.name === 'example').state, 'running')
})

/** A .tar with one entry of that name and kind. */
async function archiveOf(
  folder: string,
  entry: { path: string; type: 'File' | 'SymbolicLink'; linkpath?: string },
) {
  const header = new Header({ ...entry, size: 0, mode: 0o644, mtime: new Date() })
  const block = Buffer.alloc(512 * 3)
  header.encode(block, 0)
  const file = join(folder, 'bad.tar')
  await writeFile(file, block)
  return file
}

test('archives that reach out of their folder, and links, are refused [BEY-06] [SEC-11]', async ({
  parent,
  data,
}) => {
  const refusal = async (path: string) => {
    const ran = await plugin(data, 'add', path)
    assert.is(ran.code, 1, ran.stdout)
    assert.equal(await leftOver(data), [])
    return said(ran)
  }
  const bad = (path: string) => archiveOf(parent, { path, type: 'File' })
  assert.match(await refusal(await bad('package/../../evil.js')), /leads out of its folder/)
  assert.match(await refusal(await bad('/tmp/evil.js')), /absolute path/)
  const link = { path: 'package/index.js', type: 'SymbolicLink', linkpath: '/etc/passwd' } as const
  assert.match(await refusal(await archiveOf(parent, link)), /SymbolicLink, not a file/)
  const folder = join(parent, 'linked')
  await cp(example, folder, { recursive: true })
  await symlink('/etc/passwd', join(folder, 'migrations/0002-evil.js'))
  assert.match(await refusal(folder), /is a link/)
  const text = join(parent, 'text.tgz')
  await writeFile(text, 'no archive')
  assert.match(await refusal(text), /not a readable/)
  assert.not.ok(existsSync(join(parent, 'evil.js')))
})

test('what does not load is refused before it is put in place [BEY-06]', async ({ parent, data }) => {
  const made = async (name: string, change: (folder: string) => Promise<void>) => {
    const folder = join(parent, name)
    await cp(example, folder, { recursive: true })
    await change(folder)
    const ran = await plugin(data, 'add', folder)
    assert.is(ran.code, 1)
    assert.not.ok(existsSync(join(data, 'plugins', name)))
    return said(ran)
  }
  const edit = (file: string, from: RegExp, to: string) => async (folder: string) => {
    const text = await readFile(join(folder, file), 'utf8')
    await writeFile(join(folder, file), text.replace(from, to))
  }
  assert.match(
    await made('throws', edit('index.js', /^/, 'throw new Error("no")\n')),
    /could not be loaded: no/,
  )
  assert.match(
    await made('clash', edit('index.js', /name: 'example',/, "name: 'live',")),
    /brings a plugin called "live" itself/,
  )
  assert.match(await made('late', edit('package.json', />=0\.1\.0/, '>=99.0.0')), /made for Veza >=99/)
  assert.match(
    await made('no-up', edit('migrations/0001-greetings.js', /async function up/, 'async function down')),
    /exports no function "up"/,
  )
  const nothing = await plugin(data, 'add', join(parent, 'nothing'))
  assert.is(nothing.code, 2)
})

test('parts of Veza stay, and unknown names are told', async ({ data }) => {
  for (const words of [
    ['remove', 'live'],
    ['remove', '../sites'],
    ['enable', 'nobody'],
    ['disable', 'nobody'],
  ]) {
    const ran = await plugin(data, ...words)
    assert.is(ran.code, 1, words.join(' '))
  }
  assert.ok(existsSync(join(data, 'sites/main')))
})

test.run()
