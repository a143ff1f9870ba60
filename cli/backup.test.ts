import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create, extract } from 'tar'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openDatabase } from '../server/db/index.ts'
import { isoTime, newId } from '../server/sdk/index.ts'
import { postgresUrl } from '../test/kit/databases.ts'
import { type RunningServer, startServer } from '../test/kit/server.ts'
import { here, said } from './testdata/here.ts'
import { removeFolder, veza } from './testdata/veza.ts'

const test = suite<{ server: RunningServer; parent: string; archive: string }>('backup and restore')
test.before(async (context) => {
  context.parent = await mkdtemp(join(tmpdir(), 'veza-backup-'))
  context.archive = join(context.parent, 'one.tar.gz')
  context.server = await startServer({ dataDir: join(context.parent, 'data') })
})
test.after(async ({ server, parent }) => {
  await server?.close()
  await removeFolder(parent)
})

/** Every table of an SQLite file as text, in a fixed order. */
async function tablesOf(file: string): Promise<Map<string, string>> {
  const database = await openDatabase({ location: file })
  const names = await database.db.raw<{ name: string }[]>(
    "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name",
  )
  const tables = new Map<string, string>()
  for (const { name } of names)
    tables.set(name, JSON.stringify(await database.db.raw(`select * from "${name}" order by 1, 2`)))
  await database.close()
  return tables
}

/**
 * That a table is what it was, where nothing changed. The server notes its own minutes meanwhile, schedule by schedule:
 * there, each row is as it was before or as it is now, and none is lost.
 */
function assertBetween(name: string, table: string | undefined, [before, now]: (string | undefined)[]): void {
  if (before === now) assert.is(table, now, name)
  // A job of such a minute may be under way at the very moment of the copy.
  const what = (row: { id?: string }) => (name === 'jobs' ? row.id : row)
  const rowsOf = (text = '[]') => (JSON.parse(text) as object[]).map((row) => JSON.stringify(what(row)))
  const [rows, old, current] = [rowsOf(table), rowsOf(before), rowsOf(now)]
  for (const row of rows) assert.ok(old.includes(row) || current.includes(row), `${name}: ${row}`)
  for (const row of old) assert.ok(!current.includes(row) || rows.includes(row), `${name} lost ${row}`)
  assert.ok(rows.length >= Math.min(old.length, current.length), `${name}: ${rows.length} rows`)
  assert.ok(rows.length <= Math.max(old.length, current.length), `${name}: ${rows.length} rows`)
}

/** What a recording looks like on disk: a growing index, finished segments, one that is being written. */
async function addMedia(data: string): Promise<string> {
  const folder = join(data, 'sites/main/storage/live', 'x'.repeat(90), 'recording')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'index.jsonl'), '{"seq":1}\n')
  await writeFile(join(folder, 'v1.m4s'), Buffer.alloc(70_000, 7))
  await writeFile(join(folder, '.v2.m4s.tmp'), 'half')
  await writeFile(join(folder, 'empty.bin'), '')
  return folder
}

test('a backup taken while the server runs and writes is whole, and restores table by table [OPS-02]', async (context) => {
  const { server, archive, parent } = context
  const media = await addMedia(server.dataDir)
  const database = await openDatabase({ location: join(server.dataDir, 'sites/main/veza.db') })
  let isWriting = true
  let written = 0
  const writer = (async () => {
    while (isWriting) {
      // Two rows that belong together: a torn copy would hold one without the other.
      await database.db.tx(async (db) => {
        for (const half of ['a', 'b'])
          await db('audit_entries').insert({
            id: newId(),
            at: isoTime(),
            action: `test.${half}`,
            subject: String(written),
            detailJson: '{}',
          })
      })
      written++
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  })()
  const file = join(server.dataDir, 'sites/main/veza.db')
  const before = await tablesOf(file)
  const made = await server.cli(['backup', archive, '--json'])
  isWriting = false
  await writer
  assert.is(made.code, 0, made.stderr)
  assert.ok(written > 0)
  // At once: the longer it takes, the more minutes go by that the server notes.
  const there = await tablesOf(file)
  const restored = join(parent, 'restored')
  const ran = await veza(['restore', archive, '--data', restored, '--json'])
  assert.equal([ran.code, ran.json.sites, ran.json.aside], [0, ['main'], null], ran.stderr)
  const here_ = await tablesOf(join(restored, 'sites/main/veza.db'))
  assert.equal([...here_.keys()], [...there.keys()])
  for (const [name, now] of there)
    if (name !== 'audit_entries') assertBetween(name, here_.get(name), [before.get(name), now])
  const entries: { action: string; subject: string }[] = JSON.parse(here_.get('audit_entries') ?? '[]')
  const halves = (half: string) =>
    entries
      .filter(({ action }) => action === `test.${half}`)
      .map(({ subject }) => subject)
      .sort()
  assert.equal(halves('a'), halves('b'))
  const copy = media.replace(server.dataDir, restored)
  assert.equal((await readdir(copy)).sort(), ['empty.bin', 'index.jsonl', 'v1.m4s'])
  assert.ok((await readFile(join(copy, 'v1.m4s'))).equals(Buffer.alloc(70_000, 7)))
  assert.is(
    await readFile(join(restored, 'config.yaml'), 'utf8'),
    await readFile(join(server.dataDir, 'config.yaml'), 'utf8'),
  )
  await database.close()
})

test('the restored folder starts and knows its accounts', async ({ parent, server }) => {
  await server.stop()
  const other = await startServer({ dataDir: join(parent, 'restored') })
  const signedIn = await fetch(`${other.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: other.owner.email, password: other.owner.password }),
  })
  await other.stop()
  assert.is(signedIn.status, 200)
})

test('refuses a folder that holds something, and with --force moves it aside', async ({
  parent,
  archive,
}) => {
  const target = join(parent, 'full')
  await mkdir(target)
  await writeFile(join(target, 'precious'), 'yes')
  const restore = (...flags: string[]) => here(['restore', archive, '--data', target, '--json', ...flags])
  const refused = await restore()
  assert.is(refused.code, 1)
  assert.match(said(refused), /not empty \(precious\)/)
  const forced = await restore('--force')
  assert.is(forced.code, 0)
  assert.is(await readFile(join(forced.json.aside, 'precious'), 'utf8'), 'yes')
  assert.ok(existsSync(join(target, 'appliance.db')))
})

test('a tampered, shortened or foreign archive is refused and nothing is made of it', async ({
  parent,
  archive,
}) => {
  const target = join(parent, 'never')
  const whole = await readFile(archive)
  const unpacked = join(parent, 'unpacked')
  await mkdir(unpacked)
  await extract({ file: archive, cwd: unpacked })
  const pack = async (name: string) => {
    const file = join(parent, name)
    const names = (await readdir(unpacked, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(unpacked.length + 1))
      .sort((a, b) => Number(a === 'manifest.json') - Number(b === 'manifest.json'))
    await create({ file, gzip: true, cwd: unpacked, portable: true }, names)
    return file
  }
  const refusal = async (file: string) => {
    const ran = await here(['restore', file, '--data', target])
    assert.is(ran.code, 1, ran.stdout)
    assert.not.ok(existsSync(target))
    return ran.stderr
  }
  const cut = join(parent, 'cut.tar.gz')
  await writeFile(cut, whole.subarray(0, whole.length / 2))
  assert.match(await refusal(cut), /cannot be read as an archive|refused/)
  const noArchive = join(parent, 'text.tar.gz')
  await writeFile(noArchive, 'this is no archive')
  assert.match(await refusal(noArchive), /cannot be read as an archive|refused/)

  const config = join(unpacked, 'config.yaml')
  const text = await readFile(config, 'utf8')
  await writeFile(config, text.replace('Settings', 'settings'))
  assert.match(await refusal(await pack('changed.tar.gz')), /config\.yaml was changed/)
  await rm(config)
  assert.match(await refusal(await pack('missing.tar.gz')), /config\.yaml is missing/)
  await writeFile(config, text)
  await mkdir(join(unpacked, 'plugins/bad'), { recursive: true })
  await writeFile(join(unpacked, 'plugins/bad/index.js'), 'boom()')
  assert.match(await refusal(await pack('extra.tar.gz')), /not in its list/)
  await rm(join(unpacked, 'plugins'), { recursive: true })
  await writeFile(join(unpacked, 'stranger'), '')
  assert.match(await refusal(await pack('stranger.tar.gz')), /stranger, which no backup/)
  await rm(join(unpacked, 'stranger'))
  await writeFile(join(unpacked, 'appliance.db'), 'x'.repeat(5000))
  await mend(unpacked, 'appliance.db')
  assert.match(await refusal(await pack('broken.tar.gz')), /appliance\.db is damaged/)
  const left = (await readdir(parent)).filter((name) => name.includes('-restore-'))
  assert.equal(left, [])
})

/** Makes the manifest fit a file again, as somebody who means harm would. */
async function mend(folder: string, path: string): Promise<void> {
  const file = join(folder, 'manifest.json')
  const manifest = JSON.parse(await readFile(file, 'utf8'))
  const body = await readFile(join(folder, path))
  const entry = manifest.entries.find((one: { path: string }) => one.path === path)
  Object.assign(entry, {
    sizeBytes: body.length,
    sha256: createHash('sha256').update(body).digest('hex'),
  })
  await writeFile(file, JSON.stringify(manifest))
}

test('does not overwrite an archive, and says what file is missing', async ({ server, archive }) => {
  const again = await here(['backup', archive, '--data', server.dataDir])
  assert.is(again.code, 1)
  assert.match(again.stderr, /already/)
  const missing = await here(['restore', `${archive}.nowhere`, '--data', server.dataDir])
  assert.is(missing.code, 2)
})

test('PostgreSQL is restored into PostgreSQL, row by row [OPS-04]', async ({ parent }) => {
  const mark = `b${Date.now().toString(36)}`
  const env = (schema: string) => ({ VEZA_DATABASE_URL: postgresUrl(), VEZA_DATABASE_SCHEMA: schema })
  const [from, to] = [`${mark}_from`, `${mark}_to`]
  const data = join(parent, 'pg')
  const archive = join(parent, 'pg.tar.gz')
  const postgres = await openDatabase({ location: postgresUrl(), poolSize: 2 })
  try {
    await here(['init', '--yes', '--data', data], env(from))
    for (const name of ['anna', 'bo'])
      await here(['user', 'add', '--email', `${name}@x.test`, '--data', data], env(from))
    assert.is((await veza(['backup', archive, '--data', data], env(from))).code, 0)
    const target = join(parent, 'pg-restored')
    const wrong = await here(['restore', archive, '--data', target])
    assert.match(said(wrong), /no PostgreSQL is set/)
    const full = await here(['restore', archive, '--data', target], env(from))
    assert.match(said(full), /holds .* already/)
    const ran = await veza(['restore', archive, '--data', target], env(to))
    assert.is(ran.code, 0, ran.stderr)
    const users = async (folder: string, schema: string) =>
      (await here(['user', 'list', '--data', folder, '--json'], env(schema))).json.items
    assert.equal(await users(target, to), await users(data, from))
    assert.is((await users(target, to)).length, 2)
    assert.is((await here(['restore', archive, '--data', target, '--force'], env(to))).code, 0)
    assert.is((await users(target, to)).length, 2)
  } finally {
    const rows = await postgres.db.raw<{ name: string }[]>(
      'select schema_name as name from information_schema.schemata where schema_name like ?',
      [`%${mark}%`],
    )
    for (const { name } of rows) await postgres.knex.raw('drop schema ?? cascade', [name])
    await postgres.close()
  }
})

test.run()
