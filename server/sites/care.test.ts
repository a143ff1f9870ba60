import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bundledPlugins } from '../../plugins/index.ts'
import { type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds, testDatabase } from '../../test/kit/databases.ts'
import { migrate, openDatabase } from '../db/index.ts'
import type { LoadedConfig } from '../settings/load.ts'
import { copiedBeforeMigration } from './migration-copy.ts'
import { migrationsOf, pendingOf } from './pending.ts'
import { openRegistry, siteTarget } from './registry.ts'
import { removeSite } from './remove.ts'

const test = suite('care of sites')
const messageOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: Error) => error.message,
  )

/** The settings under which that app was opened. */
function loadedOf({ dataDir, site }: TestApp): LoadedConfig {
  const { location, schema } = site.database.target
  const ofPostgres = { url: location, schema: schema?.replace('_site_main', '') }
  const database = schema ? ofPostgres : {}
  return { dataDir, config: { database } } as LoadedConfig
}

for (const kind of databaseKinds)
  test(`a removed site leaves the list, its data go aside, on ${kind} [SITE-09]`, async () => {
    const app = await testApp({ kind, plugins: [], sites: ['second'] })
    await app.siteNamed('second').storage.write('a/b.txt', Buffer.from('kept'))
    const loaded = loadedOf(app)
    await app.appliance.stop()
    const registry = await openRegistry(loaded)
    assert.match(await messageOf(removeSite(loaded, registry, 'third')), 'There is no site "third"')
    const { folder, schema } = await removeSite(loaded, registry, 'second')
    assert.equal(
      (await registry.list()).map(({ name }) => name),
      ['main'],
    )
    assert.ok(
      folder && existsSync(join(folder, 'storage')) && !existsSync(join(app.dataDir, 'sites', 'second')),
    )
    assert.is(
      (await readdir(folder)).some((name) => name.endsWith('-wal')),
      false,
    )
    assert.is(schema === null, kind === 'sqlite')
    assert.match(await messageOf(removeSite(loaded, registry, 'main')), 'is the only site')
    if (schema) {
      const moved = await openDatabase({ location: siteTarget(loaded, 'main').location, schema, poolSize: 2 })
      assert.ok(await moved.db.schema.hasTable('accounts'))
      await moved.knex.raw('drop schema ?? cascade', [schema])
      await moved.close()
    }
    await registry.database.close()
    await app.close()
  })

test('tells which migrations a site waits for, and none of plugins that are off', async () => {
  const app = await testApp({ plugins: bundledPlugins })
  const entries = bundledPlugins.map((plugin) => ({ plugin, origin: 'bundled' as const }))
  assert.equal(
    migrationsOf(entries).map(({ owner }) => owner),
    ['server', ...bundledPlugins.map(({ name }) => name)],
  )
  const loaded = loadedOf(app)
  const { db } = app.site.database
  assert.equal(await pendingOf(loaded, 'main', entries), [])
  await db('veza_migrations').where('name', 'like', 'chat/%').delete()
  assert.equal(await pendingOf(loaded, 'main', entries), [
    'chat/0001-chat',
    'chat/0002-paid',
    'chat/0003-pins-emotes',
  ])
  await db('plugins').insert({ name: 'chat', isEnabled: false, updatedAt: 'now' })
  assert.equal(await pendingOf(loaded, 'main', entries), [])
  await db('veza_migrations').insert({ name: 'live/0009-newer', appliedAt: 'now' })
  assert.match(await messageOf(pendingOf(loaded, 'main', entries)), 'newer version')
  await app.close()
})

test('a file that holds data is copied once before it is changed; an empty one is not', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'veza-care-'))
  const backups = () => readdir(join(dataDir, 'backups')).catch((): string[] => [])
  const now = () => new Date('2026-02-03T04:05:06.789Z')
  const [server, first] = migrationsOf(bundledPlugins.map((plugin) => ({ plugin, origin: 'bundled' })))
  if (!server || !first) throw new Error('There are no migrations.')
  for (const [site, copy] of [
    ['main', 'before-2.0.0-20260203T040506Z.db'],
    ['second', 'before-2.0.0-20260203T040506Z-second.db'],
  ] as const) {
    const database = await testDatabase('sqlite')
    const wishes = { dataDir, site, version: '2.0.0', now }
    await migrate(copiedBeforeMigration(database, wishes), [server])
    assert.not.ok((await backups()).includes(copy))
    const watched = copiedBeforeMigration(database, wishes)
    await migrate(watched, [server, first])
    await watched.beforeMigration?.()
    assert.ok((await backups()).includes(copy))
    const saved = await openDatabase({ location: join(dataDir, 'backups', copy) })
    assert.equal(
      [await saved.db.schema.hasTable('accounts'), await saved.db.schema.hasTable('live_channels')],
      [true, false],
    )
    await saved.close()
    await database.close()
  }
  const remote = await testDatabase('postgres')
  assert.is(copiedBeforeMigration(remote, { dataDir, site: 'main', version: '2.0.0', now }), remote)
  await remote.close()
  await rm(dataDir, { recursive: true })
})

test('data of a newer version stops the start and are left as they were', async () => {
  const app = await testApp({ plugins: [] })
  await app.site.database.db('veza_migrations').insert({ name: 'server/9999-newer', appliedAt: 'now' })
  assert.match(await messageOf(app.restart()), 'newer version of Veza (server/9999-newer)')
  await rm(app.dataDir, { recursive: true })
})

test('mail settings of the appliance reach its sites', async () => {
  const app = await testApp({
    plugins: [],
    environment: {
      VEZA_MAIL_HOST: '127.0.0.1',
      VEZA_MAIL_PORT: '1',
      VEZA_MAIL_USER: 'a',
      VEZA_MAIL_PASSWORD: 'b',
    },
  })
  await app.site.database.db.tx((db) =>
    app.site.mail.send(db, { to: 'a@people.test', subject: 'S', text: 'T' }),
  )
  assert.is((await app.site.database.db('mail_outbox').first()).state, 'queued')
  await app.close()
})

test.run()
