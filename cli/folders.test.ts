import { existsSync } from 'node:fs'
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type SmallDisk, smallDisk } from '../test/kit/small-disk.ts'
import { assertSaid, here } from './testdata/here.ts'
import { madeFolder, removeFolder } from './testdata/veza.ts'

const test = suite<{ parent: string; data: string; disk: SmallDisk }>('where a data folder can be')
test.before(async (context) => {
  Object.assign(context, await madeFolder())
  context.disk = await smallDisk('256k')
})
test.after(async ({ parent, disk }) => {
  await disk?.close()
  await removeFolder(parent)
})
const ports = { VEZA_HTTP_PORT: '0', VEZA_RTMP_PORT: '0', VEZA_ICECAST_PORT: '0' }
const init = (dataDir: string) => here(['init', '--yes', '--data', dataDir, '--json'])
const start = (dataDir: string, env: Record<string, string> = {}) =>
  here(['start', '--data', dataDir, '--json'], { ...ports, ...env })

test('init and start say at once what is in the way, and make nothing [OPS-01] [OPS-13]', async ({
  parent,
}) => {
  const file = join(parent, 'file')
  await writeFile(file, '')
  const before = await readdir(parent)
  const deep = join(parent, ...Array.from({ length: 8 }, () => 'y'.repeat(60)))
  const cases: [dataDir: string, sentence: RegExp][] = [
    ['/proc/veza', /^No folder can be made in \/proc\./],
    ['/proc/self/veza/data', /^No folder can be made in \/proc\/self\./],
    ['/dev/null', /^\/dev\/null is a file, not a folder\./],
    [file, /file is a file, not a folder\./],
    [join(file, 'below', 'it'), /file is a file, not a folder\./],
    [join(parent, 'x'.repeat(300)), /too long/],
    [deep, /too long/],
  ]
  for (const [dataDir, sentence] of cases) {
    assertSaid(await init(dataDir), 1, sentence)
    assertSaid(await start(dataDir, { VEZA_AUTO_INIT: '1' }), 1, sentence)
    assertSaid(await start(dataDir), 1, existsSync(dataDir) ? sentence : /There is no data folder/)
  }
  assert.equal(await readdir(parent), before)
})

test('a full disk is told as such, and what was begun there can be done again [OPS-01]', async ({ disk }) => {
  const dataDir = join(disk.dir, 'data')
  assertSaid(await init(dataDir), 1, /disk.* is full/)
  await disk.fill()
  assertSaid(await init(join(disk.dir, 'other')), 1, /disk.* is full/)
})

test('a folder of spaces and of other scripts is as good as any [OPS-01]', async ({ parent }) => {
  const dataDir = join(parent, 'Ünser Läbel 日本', '  two  ')
  // One that is there already, and empty, is taken.
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const made = await init(dataDir)
  assert.is(made.code, 0, made.stderr)
  assert.is((await stat(dataDir)).mode & 0o777, 0o700)
  const sites = await here(['site', 'list', '--data', dataDir, '--json'])
  assert.is(sites.json.items.length, 1, sites.stderr)
})

test.run()
