import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createLog } from '../server/log/index.ts'
import { openAppliance } from '../server/main.ts'
import { loadConfig } from '../server/settings/load.ts'
import type { Site } from '../server/sites/site.ts'
import { mediaOrphans } from '../test/kit/orphans.ts'
import { program, startServer } from '../test/kit/server.ts'
import { smallDisk } from '../test/kit/small-disk.ts'
import { eventually } from '../test/kit/wait.ts'
import { assertSaid, here } from './testdata/here.ts'
import { layAlbums } from './testdata/sounds.ts'
import { madeFolder, removeFolder, veza } from './testdata/veza.ts'

const test = suite<{ parent: string; data: string }>('veza import')
test.before(async (context) => {
  Object.assign(context, await madeFolder())
})
test.after(({ parent }) => removeFolder(parent))

/** The site of a data folder that nothing runs on. */
async function inside<T>(data: string, work: (site: Site) => Promise<T>): Promise<T> {
  const loaded = loadConfig(data, {})
  const appliance = await openAppliance({ loaded, roles: [], log: createLog({ level: 'silent' }) })
  try {
    return await work(appliance.sites[0] as Site)
  } finally {
    await appliance.stop()
  }
}

const counted = (data: string) =>
  inside(data, async ({ database: { db } }) => {
    const count = async (table: string) => Number((await db(table).count({ n: '*' }).first())?.n)
    return {
      assets: await count('media_assets'),
      tracks: await count('catalog_tracks'),
      releases: await count('catalog_releases'),
      files: await count('catalog_import_files'),
    }
  })

test('prints found, imported, known and skipped, and nothing else; a dry run before it changes nothing [FILE-10]', async ({
  parent,
  data,
}) => {
  const folder = join(parent, 'music')
  await layAlbums(folder, 12)
  const dry = await here(['import', folder, '--dry-run', '--data', data, '--json'])
  assert.equal(dry.json, { found: 12, imported: 12, known: 0, skipped: [] })
  assert.equal(await counted(data), { assets: 0, tracks: 0, releases: 0, files: 0 })
  const ran = await veza(['import', folder, '--visibility', 'draft', '--data', data, '--json'])
  assert.equal([ran.code, ran.stderr], [0, ''])
  assert.equal(ran.json, { found: 12, imported: 12, known: 0, skipped: [] })
  const again = await here(['import', folder, '--data', data])
  assert.match(again.stdout, /^12 audio files found: 0 imported, 12 known, 0 unusable\.\n/)
  assert.equal(await counted(data), { assets: 12, tracks: 12, releases: 2, files: 12 })
})

test('wrong folders and words are refused in a sentence with code 2 [FILE-10]', async ({ parent, data }) => {
  const missing = await here(['import', join(parent, 'none'), '--data', data])
  assertSaid(missing, 2, /There is no folder .*none; check the path\./)
  assertSaid(await here(['import', join(parent, 'password'), '--data', data]), 2, /is a file/)
  const words = ['import', parent, '--visibility', 'all', '--data', data]
  assertSaid(await here(words), 2, /Use one of public, members, private and draft/)
  assert.is((await here(['import', '--data', data])).code, 2)
})

const start = (args: string[]): ChildProcess =>
  spawn(process.execPath, [...program(), ...args], { stdio: 'ignore' })

test('killed in the middle, the next run goes on: nothing twice, nothing lost [FILE-10] [FILE-03]', async ({
  parent,
}) => {
  const folder = join(parent, 'many')
  await layAlbums(folder, 120)
  const { data, parent: own } = await madeFolder()
  try {
    const words = ['import', folder, '--visibility', 'draft', '--data', data, '--json']
    const media = join(data, 'sites/main/storage/media')
    const child = start(words)
    await eventually('some files', async () => (await readdir(media).catch(() => [])).length > 30)
    child.kill('SIGKILL')
    await once(child, 'exit')
    const half = await counted(data)
    assert.ok(half.assets > 0 && half.tracks < 120, JSON.stringify(half))
    const ran = await here(words)
    assert.is(ran.code, 0, ran.stderr)
    const { found, imported, known, skipped } = ran.json
    assert.equal([found, imported + known, skipped], [120, 120, []])
    assert.is(known, half.files)
    assert.equal(await counted(data), { assets: 120, tracks: 120, releases: 12, files: 120 })
    const left = await inside(data, ({ database: { db }, storage }) => mediaOrphans({ db, storage }))
    // What was being copied when the process died; media's sweep takes it away by its age.
    assert.ok(left.length <= 16, left.join('\n'))
    assert.ok(
      left.every((key) => !key.startsWith('lost')),
      left.join('\n'),
    )
  } finally {
    await removeFolder(own)
  }
})

test('--wait ends when everything plays: by itself, or with the server that runs [FILE-10]', async ({
  parent,
}) => {
  const folder = join(parent, 'few')
  await layAlbums(folder, 2)
  const { data, parent: own } = await madeFolder()
  const states = async () =>
    inside(data, async ({ database: { db } }) => {
      const tracks: { isReady: boolean }[] = await db('catalog_tracks').select('is_ready')
      const releases: { status: string }[] = await db('catalog_releases').select('status')
      return [tracks.map(({ isReady }) => isReady), releases.map(({ status }) => status)]
    })
  try {
    const words = ['import', folder, '--wait', '--data', data]
    const alone = await veza(words)
    assert.is(alone.code, 0, alone.stderr)
    assert.match(alone.stdout, /2 imported.*\n1 release made, published for everybody/)
    assert.equal(await states(), [[true, true], ['published']])
    const server = await startServer({ dataDir: data })
    try {
      await layAlbums(folder, 4)
      const beside = await here([...words, '--json'])
      assert.equal(beside.json, { found: 4, imported: 2, known: 2, skipped: [] })
      const answer = await fetch(`${server.url}/api/v1/catalog/tracks`)
      const { items } = (await answer.json()) as { items: { title: string }[] }
      assert.is(items.length, 4)
    } finally {
      await server.stop()
    }
    assert.equal(await states(), [[true, true, true, true], ['published']])
  } finally {
    await removeFolder(own)
  }
})

test('on a full disk it stops with a sentence, keeps what is done, and goes on once there is room [FILE-10] [FILE-03]', async ({
  parent,
}) => {
  const folder = join(parent, 'more')
  await layAlbums(folder, 120)
  const disk = await smallDisk('4m')
  const { data, parent: own } = await madeFolder()
  try {
    const storage = join(data, 'sites/main/storage')
    await rm(storage, { recursive: true, force: true })
    await mkdir(join(disk.dir, 'storage'))
    await symlink(join(disk.dir, 'storage'), storage)
    const ballast = join(disk.dir, 'ballast')
    await writeFile(ballast, Buffer.alloc(3.4 * 1024 * 1024))
    const words = ['import', folder, '--visibility', 'draft', '--data', data]
    const full = await here(words)
    assertSaid(full, 1, /The disk is full\. \d+ files were imported and stay/)
    const half = await counted(data)
    assert.ok(half.tracks > 0 && half.tracks < 120, JSON.stringify(half))
    await rm(ballast)
    const ran = await here([...words, '--json'])
    assert.is(ran.code, 0, ran.stderr)
    assert.equal([ran.json.found, ran.json.known], [120, half.files])
    assert.is((await counted(data)).tracks, 120)
    const left = await inside(data, ({ database: { db }, storage: kept }) =>
      mediaOrphans({ db, storage: kept }),
    )
    assert.equal(left, [])
  } finally {
    await disk.close()
    await removeFolder(own)
  }
})

test.run()
