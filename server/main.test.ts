import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { admin } from '#contract'
import { definePlugin } from '#sdk'
import { testApp } from '../test/kit/app.ts'
import { VezaError } from './errors.ts'
import { createLog } from './log/index.ts'
import { openAppliance, runFolder } from './main.ts'
import { loadConfig } from './settings/load.ts'
import { openRegistry } from './sites/registry.ts'

const log = createLog({ level: 'silent' })
const test = suite<{ dir: string }>('appliance')
test.before.each(async (context) => {
  context.dir = await mkdtemp(join(tmpdir(), 'veza-main-'))
})
test.after.each(({ dir }) => rm(dir, { recursive: true }))

const refused = async (dataDir: string, more: Partial<Parameters<typeof openAppliance>[0]> = {}) => {
  const error = await openAppliance({
    loaded: loadConfig(dataDir, {}),
    roles: [],
    log,
    plugins: [],
    ...more,
  }).catch((reason: unknown) => reason)
  assert.instance(error, VezaError)
  return error as VezaError
}

test('what is missing to start is one sentence with the command that helps', async ({ dir }) => {
  const nowhere = await refused(join(dir, 'nowhere'))
  assert.match(nowhere.message, 'There is no data folder at')
  assert.match(nowhere.remedy, 'veza init --data')
  const empty = await refused(dir)
  assert.match(empty.message, 'holds no site yet')
  const registry = await openRegistry(loadConfig(dir, {}))
  await registry.add('main', 'http://main.test')
  await registry.database.close()
  const other = await refused(dir, { only: 'other' })
  assert.match(other.message, 'There is no site "other".')
})

test('opens one site alone where asked to, and nothing runs without roles', async ({ dir }) => {
  const loaded = loadConfig(dir, {})
  const registry = await openRegistry(loaded)
  for (const name of ['main', 'other']) await registry.add(name, `http://${name}.test`)
  await registry.database.close()
  const started: string[] = []
  const plugin = definePlugin({
    name: 'quiet',
    version: '1.0.0',
    title: 'Quiet',
    setup: (ctx) => ctx.onStart('web', () => void started.push(ctx.site.name)),
  })
  const appliance = await openAppliance({ loaded, roles: [], log, plugins: [plugin], only: 'other' })
  assert.equal(
    appliance.sites.map((site) => site.row.name),
    ['other'],
  )
  await appliance.stop()
  assert.equal(started, [])
})

test('a site that cannot be opened closes those that were opened before it', async ({ dir }) => {
  const loaded = loadConfig(dir, {})
  const registry = await openRegistry(loaded)
  for (const name of ['main', 'other']) await registry.add(name, `http://${name}.test`)
  await registry.database.close()
  const stopped: string[] = []
  const plugin = definePlugin({
    name: 'picky',
    version: '1.0.0',
    title: 'Picky',
    required: true,
    setup: (ctx) => {
      if (ctx.site.name === 'other') throw new Error('not for this site')
      ctx.onStop(() => void stopped.push(ctx.site.name))
    },
  })
  const error = await openAppliance({ loaded, roles: [], log, plugins: [plugin] }).catch(
    (reason: Error) => reason,
  )
  assert.match((error as Error).message, 'not for this site')
  assert.equal(stopped, ['main'])
})

test('runs again on the same data after a stop, and after one that came at once', async () => {
  const app = await testApp({ plugins: [] })
  const owner = await app.addAccount({ roles: ['owner'] })
  const again = await app.restart()
  assert.is((await again.as(owner).call(admin.overview)).body.accounts, 1)
  await again.close()
})

test('sockets of the machine have short names, however deep the data folder lies', () => {
  assert.is(runFolder('/var/lib/veza'), '/var/lib/veza/run')
  const deep = `/srv/${'x'.repeat(90)}`
  assert.ok(runFolder(deep).length < 80)
  assert.is(runFolder(deep), runFolder(deep))
  assert.is.not(runFolder(deep), runFolder(`${deep}y`))
})

test('writes its log below the data folder where no other is given', async ({ dir }) => {
  await writeFile(join(dir, 'config.yaml'), 'log:\n  level: silent\n')
  const registry = await openRegistry(loadConfig(dir, {}))
  await registry.add('main', 'http://main.test')
  await registry.database.close()
  const appliance = await openAppliance({ loaded: loadConfig(dir, {}), roles: [], plugins: [] })
  const checks = appliance.checks(appliance.sites[0] as (typeof appliance.sites)[number])
  assert.equal(
    checks.map((check) => check.id),
    ['node', 'disk', 'ffmpeg', 'keys'],
  )
  await appliance.stop()
})

test.run()
