import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bundledPlugins } from '../plugins/index.ts'
import { migrate } from '../server/db/index.ts'
import { testDatabase } from './kit/databases.ts'
import { findCircle, type Import, missingFiles, readSources, root, type Source } from './tools/sources.ts'

/** ARCHITECTURE.md's table of layers as law. What is listed here is broken by no file. */
const laws = suite<{ sources: Source[]; product: Source[]; plugins: string[] }>('architecture')
laws.before(async (context) => {
  context.sources = await readSources()
  context.product = context.sources.filter((source) => !source.isTest)
  const entries = await readdir(join(root, 'plugins'), { withFileTypes: true })
  context.plugins = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
})

const contract = 'server/contract/index.ts'
const sdk = 'server/sdk/index.ts'
const pluginContract = /^plugins\/[\w-]+\/contract\.ts$/

/** What a product file may import of this checkout (packages apart), by where it lies; the first that fits rules. */
const zones: [where: RegExp, mayImport: (file: string, from: string, isType: boolean) => boolean][] = [
  [/^server\/contract\//, (file) => file.startsWith('server/contract/')],
  [
    /^server\/sdk\//,
    // The shape of `db`, without any of its code.
    (file, _from, isType) =>
      file === contract || file.startsWith('server/sdk/') || (isType && file === 'server/db/types.ts'),
  ],
  [/^server\/main\.ts$/, (file) => file.startsWith('server/') || file === 'plugins/index.ts'],
  [/^server\//, (file) => file.startsWith('server/') || file === 'package.json'],
  [/^migrations\//, (file) => file === sdk || file.startsWith('server/db/')],
  [/^plugins\/index\.ts$/, (file) => file === sdk || /^plugins\/[\w-]+\/index\.ts$/.test(file)],
  [
    /^plugins\/web\.ts$/,
    (file) => file.startsWith('web/sdk/') || /^plugins\/[\w-]+\/web\/index\.tsx?$/.test(file),
  ],
  [
    /^plugins\/[\w-]+\/contract(?:\.ts$|\/)/,
    // Functions of an API that write take `db` first: its shape, without any of its code.
    (file, from, isType) =>
      file === contract ||
      pluginContract.test(file) ||
      file.startsWith(`${folderOf(from)}contract/`) ||
      (isType && file === sdk),
  ],
  [
    /^plugins\/[\w-]+\/web\//,
    (file, from) =>
      file === 'web/sdk/index.ts' ||
      file === contract ||
      pluginContract.test(file) ||
      file.startsWith(`${folderOf(from)}web/`),
  ],
  [
    /^plugins\/[\w-]+\//,
    (file, from) =>
      [sdk, contract, 'server/ffmpeg/index.ts'].includes(file) ||
      pluginContract.test(file) ||
      (file.startsWith(folderOf(from)) && !file.startsWith(`${folderOf(from)}web/`)),
  ],
  [/^web\/main\.tsx$/, (file) => file === contract || /^web\/|^plugins\/web\.ts$/.test(file)],
  [/^web\//, (file) => file === contract || file.startsWith('web/')],
  // Commands of plugins are known before a site is opened, or where none is there to open.
  [
    /^cli\/commands\/of-plugins\.ts$/,
    (file) => /^(?:cli|server)\//.test(file) || file === 'plugins/index.ts',
  ],
  // The CLI is the second composition root: it opens what the server opens, piece by piece where nothing runs.
  [/^cli\//, (file) => /^(?:cli|server)\/|^package\.json$/.test(file)],
]

const folderOf = (path: string) => `${path.split('/').slice(0, 2).join('/')}/`

laws('every import is read and means a file that is there', ({ sources }) => {
  assert.ok(sources.length > 200, `${sources.length} files`)
  assert.equal(missingFiles(sources), [])
})

laws('each zone imports only what its row of the table allows', ({ product }) => {
  const broken = product.flatMap(({ path, imports }) => {
    const rule = zones.find(([where]) => where.test(path))
    if (!rule) return [`${path} lies in no zone`]
    return imports
      .filter(({ file, isType }) => file !== null && !rule[1](file, path, isType))
      .map(({ specifier }) => `${path} -> ${specifier}`)
  })
  assert.equal(broken, [])
})

laws('server/contract needs nothing but zod', ({ product }) => {
  const packages = product
    .filter(({ path }) => path.startsWith('server/contract/'))
    .flatMap(({ imports }) => imports.filter(({ file }) => file === null).map(({ specifier }) => specifier))
  assert.equal([...new Set(packages)], ['zod'])
})

laws('a plugin uses another one’s contract only if its needs name it', ({ product }) => {
  const broken = bundledPlugins.flatMap((plugin) => {
    const named = new Set(Object.values(plugin.needs).map((need) => `plugins/${need.plugin}/contract.ts`))
    const own = `plugins/${plugin.name}/`
    return product
      .filter(({ path }) => path.startsWith(own) && !path.startsWith(`${own}web/`))
      .flatMap(({ path, imports }) =>
        imports
          .filter(
            ({ file }) => file && pluginContract.test(file) && !file.startsWith(own) && !named.has(file),
          )
          .map(({ specifier }) => `${path} -> ${specifier}`),
      )
  })
  assert.equal(broken, [])
})

// Imports of types alone are erased: a circle of them cannot make anything start in the wrong order.
laws('there are no circles of imports', ({ sources }) => {
  assert.is(findCircle(sources), null)
})

/** Files of `sources`, tests apart, with an import that fits, save those that may have one. */
function importers(sources: Source[], fits: (one: Import) => boolean, mayBe: RegExp): string[] {
  return sources
    .filter(({ path, imports, isTest }) => !isTest && !mayBe.test(path) && imports.some(fits))
    .map(({ path }) => path)
}

laws('only server/ffmpeg, server/process and the CLI start processes', ({ product }) => {
  const starts = ({ specifier }: Import) =>
    /^(?:node:)?(?:child_process|cluster|worker_threads)$/.test(specifier)
  assert.equal(importers(product, starts, /^(?:server\/(?:ffmpeg|process)|cli)\//), [])
})

laws('knex, koa and bull are each run in one place', ({ product }) => {
  const runs = (name: string) => (one: Import) =>
    !one.isType && (one.specifier === name || one.specifier.startsWith(`${name}/`))
  assert.equal(importers(product, runs('knex'), /^server\/db\//), [])
  assert.equal(importers(product, runs('koa'), /^server\/http\//), [])
  assert.equal(importers(product, runs('bull'), /^server\/jobs\/drivers\/bull\.ts$/), [])
})

laws('node:http is not imported, which would load all of fetch with it', ({ product }) => {
  const runs = (one: Import) => !one.isType && /^(?:node:)?http$/.test(one.specifier)
  assert.equal(importers(product, runs, /^web\//), [])
})

laws('only server/settings reads the environment', ({ product }) => {
  // server/process passes a plain one on to children; build tools of the pages run outside the server.
  const mayBe = /^server\/(?:settings\/|process\/environment\.ts$)|^web\/vite\.config\.ts$/
  const broken = product.filter(({ path, text }) => !mayBe.test(path) && /\bprocess\.env\b/.test(text))
  assert.equal(
    broken.map(({ path }) => path),
    [],
  )
})

laws('only server/http-client asks other servers, by the guard of its addresses [SEC-05]', ({ product }) => {
  // The control socket of the CLI is a file of this machine.
  const mayBe = /^server\/(?:http-client\/|admin\/control\.ts$)|^plugins\/[\w-]+\/web\//
  const asks = [
    /(?<![\w.#])(?:globalThis\.)?fetch\(/,
    /^import (?!type\b)[^']*\b(?:request|get|Agent|default)\b[^']*from '(?:node:)?https?'/m,
    /^import (?!type\b)[^']*\b(?:request|Agent)\b[^']*from '[./]+\/node-http\.ts'/m,
    /\bgetBuiltinModule\('(?:node:)?https?'\)\.(?:request|get)\b/,
    /^import (?!type\b)[\w*][^']* from '(?:node:)?https?'/m,
    /\b(?:import|require)\('(?:node:)?(?:https?|http2)'\)/,
    /from '(?:node:http2|http2|undici|axios|got|node-fetch)'/,
    /\bnew (?:WebSocket|EventSource|XMLHttpRequest)\(/,
  ]
  const broken = product.filter(
    ({ path, text }) =>
      /^(?:server|plugins)\//.test(path) && !mayBe.test(path) && asks.some((way) => way.test(text)),
  )
  assert.equal(
    broken.map(({ path }) => path),
    [],
  )
})

laws('server/ names no plugin', ({ product, plugins }) => {
  const names = new RegExp(
    `#plugins/|['"\`](?:${plugins.join('|')})(?:\\.[a-z-]+)?['"\`]|plugins/(?:${plugins.join('|')})`,
  )
  // Names of addresses that nobody may take as a username are the addresses of the plugins, too.
  const broken = product.filter(
    ({ path, text }) =>
      path.startsWith('server/') && path !== 'server/identity/usernames.ts' && names.test(text),
  )
  assert.equal(
    broken.map(({ path }) => path),
    [],
  )
})

laws('what a plugin records begins with its name, by which the log is searched [SEC-01]', ({ product }) => {
  const records = product.flatMap(({ path, text }) => {
    const [, plugin] = /^plugins\/([\w-]+)\/(?!web\/)/.exec(path) ?? []
    if (!plugin || !text.includes('audit.record(')) return []
    const lines = text.split('\n').filter((line) => /\baction(?::| =)/.test(line))
    const nouns = lines.flatMap((line) =>
      [...line.matchAll(/['`]([a-z-]+)\.[a-z$]/g)].map(([, noun]) => noun),
    )
    return nouns.map((noun) => ({ path, isOwn: noun === plugin }))
  })
  assert.equal(
    records.filter(({ isOwn }) => !isOwn).map(({ path }) => path),
    [],
  )
  assert.ok(records.length > 40, `${records.length} records`)
})

laws(
  'every plugin is in the list and has index.ts, contract.ts, README.md and a test',
  ({ sources, plugins }) => {
    assert.equal(bundledPlugins.map((plugin) => plugin.name).sort(), [...plugins].sort())
    const missing = plugins.flatMap((name) =>
      ['index.ts', 'contract.ts', 'README.md']
        .filter((file) => !existsSync(join(root, 'plugins', name, file)))
        .map((file) => `${name}/${file}`),
    )
    assert.equal(missing, [])
    for (const name of plugins)
      assert.ok(
        sources.some(({ path }) => path.startsWith(`plugins/${name}/`) && path.includes('.test.')),
        `${name} has no test`,
      )
  },
)

/** Under the plugin's own name, or what it adds to a thing of a plugin it needs: `/live/channels/{slug}/tips`. */
function isOwnPath(plugin: string, path: string): boolean {
  const needs = bundledPlugins.find(({ name }) => name === plugin)?.needs ?? {}
  const others = Object.values(needs).map((need) => `/api/v1/${need.plugin}/`)
  // A calendar stands beside the plugin's pages.
  if (path.startsWith(`/api/v1/${plugin}/`) || (path.startsWith(`/${plugin}/`) && path.endsWith('.ics')))
    return true
  return path.endsWith(`/${plugin}`) && others.some((start) => path.startsWith(start))
}

laws('every token of a plugin carries its name', async ({ plugins }) => {
  const broken: string[] = []
  for (const plugin of plugins) {
    const tokens = await import(pathToFileURL(join(root, 'plugins', plugin, 'contract.ts')).href)
    for (const token of Object.values(tokens as Record<string, Record<string, string>>)) {
      const { kind, name = '', path = '' } = token
      if (kind === 'contract' && token.plugin !== plugin)
        broken.push(`${plugin}: contract of ${token.plugin}`)
      if (kind === 'route' && !isOwnPath(plugin, path)) broken.push(`${plugin}: ${path}`)
      if (
        ['event', 'job', 'channel', 'problem', 'slot'].includes(kind ?? '') &&
        !name.startsWith(`${plugin}.`)
      )
        broken.push(`${plugin}: ${kind} ${name}`)
    }
  }
  for (const { name, permissions } of bundledPlugins)
    for (const permission of Object.keys(permissions))
      if (!permission.startsWith(`${name}.`)) broken.push(`${name}: permission ${permission}`)
  assert.equal(broken, [])
})

laws('the migrations of a plugin make only tables named after it', async () => {
  for (const { name, migrations } of bundledPlugins) {
    if (!migrations) continue
    const database = await testDatabase('sqlite')
    await migrate(database, [{ owner: name, folder: migrations }])
    const tables = await database.db.raw<{ name: string }[]>(
      "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name <> 'veza_migrations'",
    )
    await database.close()
    assert.ok(tables.length > 0, `${name} makes no table`)
    const strange = tables.map((table) => table.name).filter((table) => !table.startsWith(`${name}_`))
    assert.equal(strange, [])
  }
})

laws('no file is longer than 300 lines', ({ sources }) => {
  const long = sources.filter(({ text }) => text.split('\n').length > 301)
  assert.equal(
    long.map(({ path, text }) => `${path}: ${text.split('\n').length - 1}`),
    [],
  )
})

laws('the product writes to its log, not to the console', ({ product }) => {
  const loud = product.filter(({ text }) => /\bconsole\.(?:log|error|warn|info|debug)\(/.test(text))
  assert.equal(
    loud.map(({ path }) => path),
    [],
  )
})

laws.run()
