import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { admin, defineContract, defineRoute, optional, z } from '#contract'
import { definePlugin } from '#sdk'
import { testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'

interface ClockApi {
  tick(): number
}
const clockApi = defineContract<ClockApi>('ticking')
const tick = defineRoute({
  method: 'GET',
  path: '/api/v1/ticking/tick',
  access: 'public',
  summary: 'Tick',
  result: z.strictObject({ n: z.number() }),
})
const listen = defineRoute({
  method: 'GET',
  path: '/api/v1/listening/state',
  access: 'public',
  summary: 'State',
  result: z.strictObject({ hears: z.boolean() }),
})

function plugins(log: string[] = []) {
  let n = 0
  const ticking = definePlugin({
    name: 'ticking',
    version: '1.0.0',
    title: 'Ticking',
    provides: clockApi,
    setup: (ctx) => {
      log.push('set up ticking')
      ctx.router.handle(tick, () => ({ n: ++n }))
      ctx.onStart('web', () => {
        log.push('start ticking')
      })
      ctx.onStart('ingest', () => {
        log.push('ingest ticking')
      })
      ctx.onStop(() => {
        log.push('stop ticking')
      })
      return { tick: () => n }
    },
  })
  const listening = definePlugin({
    name: 'listening',
    version: '1.0.0',
    title: 'Listening',
    needs: { ticking: optional(clockApi) },
    setup: (ctx) => {
      ctx.router.handle(listen, () => ({ hears: ctx.needs.ticking !== undefined }))
      ctx.onStop(() => {
        log.push('stop listening')
      })
    },
  })
  return [listening, ticking]
}

for (const kind of databaseKinds) {
  const kernel = suite(`kernel on ${kind}`)

  kernel('switches a plugin off and on at run time, with everything it registered [BEY-06]', async () => {
    const log: string[] = []
    const app = await testApp({ kind, plugins: plugins(log) })
    const owner = app.as(await app.addAccount({ roles: ['owner'] }))
    assert.is((await app.call(tick)).status, 200)
    assert.equal((await app.call(listen)).body, { hears: true })
    const off = await owner.call(admin.setPlugin, { params: { name: 'ticking' }, body: { isEnabled: false } })
    assert.is(off.body.state, 'off')
    assert.is((await app.call(tick)).status, 404)
    assert.equal((await app.call(listen)).body, { hears: false })
    await owner.call(admin.setPlugin, { params: { name: 'ticking' }, body: { isEnabled: true } })
    assert.is((await app.call(tick)).status, 200)
    assert.equal((await app.call(listen)).body, { hears: true })
    const actions = (await owner.call(admin.listAudit)).body.items.map((entry) => entry.action)
    assert.equal(actions.slice(0, 2), ['plugin.enabled', 'plugin.disabled'])
    await app.close()
  })

  kernel('starts only the work of its roles and stops in reverse', async () => {
    const log: string[] = []
    const app = await testApp({ kind, plugins: plugins(log), roles: ['web'] })
    await app.close()
    assert.equal(log, ['set up ticking', 'start ticking', 'stop listening', 'stop ticking'])
  })

  kernel('another process that switched a plugin off is followed', async () => {
    const app = await testApp({ kind, plugins: plugins() })
    const other = await testApp({
      kind,
      plugins: plugins(),
      dataDir: app.dataDir,
      environment:
        kind === 'postgres' ? { VEZA_DATABASE_SCHEMA: schemaOf(app.site.database.target.schema) } : {},
    })
    const owner = await app.addAccount({ roles: ['owner'] })
    await app.as(owner).call(admin.setPlugin, { params: { name: 'ticking' }, body: { isEnabled: false } })
    for (let tries = 0; tries < 100 && (await other.call(tick)).status === 200; tries++)
      await new Promise((resolve) => setTimeout(resolve, 50))
    assert.is((await other.call(tick)).status, 404)
    await other.appliance.stop()
    await app.close()
  })

  kernel.run()
}

const schemaOf = (schema: string | undefined) => (schema ?? '').replace(/_site_main$/, '')

const faults = suite('kernel and faulty plugins')

const breaking = (required: boolean, how: 'setup' | 'start') =>
  definePlugin({
    name: 'breaking',
    version: '1.0.0',
    title: 'Breaking',
    required,
    setup: (ctx) => {
      ctx.router.handle(tick, () => ({ n: 1 }))
      if (how === 'setup') throw new Error('broken on purpose')
      ctx.onStart('web', () => {
        throw new Error('broken at start')
      })
    },
  })

for (const how of ['setup', 'start'] as const) {
  faults(
    `a plugin that breaks in ${how} is marked failed, drops what it registered, and the rest runs`,
    async () => {
      const app = await testApp({ plugins: [breaking(false, how), plugins()[0] as never] })
      assert.is(app.site.kernel.states().find((state) => state.name === 'breaking')?.state, 'failed')
      assert.match(app.site.kernel.states()[0]?.error ?? '', /broken/)
      assert.is((await app.call(tick)).status, 404)
      assert.is((await app.call(listen)).status, 200)
      await app.close()
    },
  )

  faults(`a required plugin that breaks in ${how} stops the boot`, async () => {
    const started = testApp({ plugins: [breaking(true, how)] })
    await started.then(
      () => assert.unreachable('it started'),
      (error: Error) => assert.match(error.message, /broken/),
    )
  })
}

faults('what needs a failed plugin fails too, and says why', async () => {
  const needing = definePlugin({
    name: 'needing',
    version: '1.0.0',
    title: 'Needing',
    needs: { b: defineContract<object>('breaking') },
    setup: () => {},
  })
  const app = await testApp({ plugins: [breaking(false, 'setup'), needing] })
  assert.match(
    app.site.kernel.states().find((state) => state.name === 'needing')?.error ?? '',
    /needs the plugin "breaking"/,
  )
  await app.close()
})

faults('refuses to switch off what is required or needed, and what is not there', async () => {
  const base = definePlugin({ name: 'base', version: '1.0.0', title: 'Base', setup: () => ({}) })
  const upper = definePlugin({
    name: 'upper',
    version: '1.0.0',
    title: 'Upper',
    needs: { base: defineContract<object>('base') },
    setup: () => {},
  })
  const needed = definePlugin({
    name: 'needed',
    version: '1.0.0',
    title: 'Needed',
    required: true,
    setup: () => {},
  })
  const app = await testApp({ plugins: [base, upper, needed] })
  const owner = app.as(await app.addAccount({ roles: ['owner'] }))
  const off = (name: string) => owner.call(admin.setPlugin, { params: { name }, body: { isEnabled: false } })
  assert.is((await off('needed')).problem, 'server.plugin-required')
  assert.is((await off('base')).problem, 'server.plugin-needed')
  assert.is((await off('nothing')).problem, 'not-found')
  assert.is((await off('upper')).status, 200)
  assert.is((await off('base')).status, 200)
  await app.close()
})

faults(
  'settings of a plugin come from default, database, file and environment, the later ones winning [OPS-03]',
  async () => {
    let read: (() => { size: number; colour: string }) | undefined
    const Settings = z.strictObject({ size: z.number().default(1), colour: z.string().default('red') })
    const tuned = definePlugin({
      name: 'tuned',
      version: '1.0.0',
      title: 'Tuned',
      settings: Settings,
      setup: (ctx) => {
        read = () => ctx.settings.get()
      },
    })
    const app = await testApp({ plugins: [tuned], environment: { VEZA_PLUGINS_TUNED_SIZE: '7' } })
    assert.equal(read?.(), { size: 7, colour: 'red' })
    await app.site.database.db.tx((db) =>
      app.site.settings.updatePlugin(db, 'tuned', Settings, { colour: 'blue', size: 3 }),
    )
    assert.equal(read?.(), { size: 7, colour: 'blue' })
    await app.close()
  },
)

faults(
  'a stop that never ends does not keep the server from stopping, and a throwing one neither',
  async () => {
    const throwing = definePlugin({
      name: 'throwing',
      version: '1.0.0',
      title: 'Throwing',
      setup: (ctx) => {
        ctx.onStop(() => {
          throw new Error('cannot stop')
        })
        ctx.onReady('parts', () => {
          throw new Error('not ready')
        })
        ctx.check({
          id: 'throwing',
          title: 'Throwing',
          run: async () => ({ message: 'It throws.', remedy: 'Do not.' }),
        })
      },
    })
    const app = await testApp({ plugins: [throwing] })
    assert.is((await app.request('/health/ready')).status, 503)
    assert.equal(
      app.site.kernel.checks().map((check) => check.id),
      ['throwing'],
    )
    await app.close()
  },
)

faults(
  'a migration of a plugin is applied once, and a broken one fails the plugin alone [OPS-14]',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'veza-migrations-'))
    await writeFile(
      join(folder, '0001-things.js'),
      "export const up = (db) => db.schema.createTable('stored_things', (t) => { t.uuid('id').primary() })",
    )
    const stored = definePlugin({
      name: 'stored',
      version: '1.0.0',
      title: 'Stored',
      migrations: pathToFileURL(`${folder}/`),
      setup: () => {},
    })
    const app = await testApp({ plugins: [stored] })
    assert.ok(await app.site.database.db.schema.hasTable('stored_things'))
    const again = await app.restart()
    assert.is(again.site.kernel.states()[0]?.state, 'running')
    await writeFile(
      join(folder, '0002-broken.js'),
      "export const up = async (db) => { await db.schema.createTable('stored_more', (t) => { t.uuid('id').primary() }); throw new Error('half way') }",
    )
    const third = await again.restart()
    assert.is(third.site.kernel.states()[0]?.state, 'failed')
    assert.not.ok(await third.site.database.db.schema.hasTable('stored_more'))
    await third.close()
    await rm(folder, { recursive: true })
  },
)

faults.run()
