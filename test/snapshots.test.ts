import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bundledPlugins } from '../plugins/index.ts'
import type { Database } from '../server/db/index.ts'
import { type TestApp, testApp } from './kit/app.ts'
import { matchSnapshot } from './kit/snapshot.ts'

interface OpenApi {
  openapi: string
  info: { version: string }
  servers: { url: string }[]
  paths: Record<string, Record<string, { operationId: string; security: unknown[]; summary: string }>>
}

const test = suite<{ app: TestApp }>('snapshots')
test.before(async (context) => {
  context.app = await testApp({ plugins: bundledPlugins })
})
test.after(({ app }) => app.close())

test('the API is described as it was reviewed [DEV-01]', async ({ app }) => {
  const described = (await (await app.request('/api/v1/openapi.json')).json()) as OpenApi
  const { version } = described.info
  assert.match(version, /^\d+\.\d+\.\d+/)
  described.info.version = '0.0.0'
  await matchSnapshot('openapi.json', `${JSON.stringify(described, null, 2)}\n`)
})

test('the description holds every route once, with a name of its own and who may call it [DEV-01]', async ({
  app,
}) => {
  const { openapi, paths, servers } = (await (await app.request('/api/v1/openapi.json')).json()) as OpenApi
  assert.equal([openapi, servers], ['3.1.0', [{ url: 'http://main.test' }]])
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ path, method, ...operation })),
  )
  const routes = app.site.table.routes().map(({ route }) => route)
  assert.is(described.length, routes.length)
  assert.is(new Set(described.map(({ operationId }) => operationId)).size, routes.length)
  for (const route of routes) {
    const found = described.find(
      ({ path, method }) => path === route.path && method === route.method.toLowerCase(),
    )
    assert.is(found?.summary, route.summary)
    assert.is(found?.security.length === 0, route.access === 'public', route.path)
  }
})

test('the tables of a site and of the appliance are as they were reviewed', async ({ app }) => {
  const schemaOf = ({ dialect, knex, target }: Database) => dialect.schemaSql(knex, target)
  const parts = [
    '-- The appliance',
    await schemaOf(app.appliance.registry.database),
    '\n-- Each site',
    await schemaOf(app.site.database),
  ]
  await matchSnapshot('schema.sql', `${parts.join('\n')}\n`)
})

test.run()
