import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from '#contract'
import type { VezaError } from '../errors.ts'
import { environmentName, fromEnvironment, leavesOf, mergeDeep } from './environment.ts'
import { dataFolder, environmentVariable, loadConfig } from './load.ts'
import { ApplianceConfig } from './schema.ts'

interface Context {
  dir: string
  /** Loads with that config.yaml and environment. */
  load(yaml: string | null, environment?: Record<string, string>): Promise<ReturnType<typeof loadConfig>>
  /** The error instead. */
  refuse(yaml: string | null, environment?: Record<string, string>): Promise<VezaError>
}
const test = suite<Context>('settings')
test.before.each(async (context) => {
  context.dir = await mkdtemp(join(tmpdir(), 'veza-settings-'))
  context.load = async (yaml, environment = {}) => {
    if (yaml !== null) await writeFile(join(context.dir, 'config.yaml'), yaml)
    return loadConfig(context.dir, environment)
  }
  context.refuse = (yaml, environment) =>
    context.load(yaml, environment).then(
      () => assert.unreachable('it was taken') as never,
      (error: VezaError) => error,
    )
})
test.after.each(({ dir }) => rm(dir, { recursive: true }))

test('without a file every setting has its default', async ({ load }) => {
  const { config, fromFile } = await load(null)
  assert.equal(fromFile, {})
  assert.equal(
    [config.http.port, config.rtmp.port, config.database.schema, config.log.level],
    [8080, 1935, 'veza', 'info'],
  )
  for (const empty of ['', '# nothing yet\n', '---\n', 'http:\nredis:\n  url:\n'])
    assert.equal((await load(empty)).config, config)
})

/** A value of the kind that a setting has, other than its default, as text and as what it becomes. */
const samples: Record<string, [text: string, value: unknown]> = {
  number: ['1234', 1234],
  boolean: ['yes', true],
  array: [' 10.0.0.1, 10.0.0.2,', ['10.0.0.1', '10.0.0.2']],
  string: ['some text', 'some text'],
  record: ['{"live":{"graceS":5}}', { live: { graceS: 5 } }],
}
const special: Record<string, [string, unknown]> = {
  VEZA_NODES_ADDRESS: ['http://10.0.0.5:8080', 'http://10.0.0.5:8080'],
  VEZA_DATABASE_SCHEMA: ['label', 'label'],
  VEZA_DATABASE_POOL_SIZE: ['12', 12],
  VEZA_LOG_LEVEL: ['debug', 'debug'],
  VEZA_REDIS_PREFIX: ['label', 'label'],
}

test('every setting has a name in the environment that wins over the file, and one for a file [OPS-03]', async ({
  dir,
  load,
}) => {
  const leaves = leavesOf(ApplianceConfig)
  assert.ok(leaves.length > 20)
  const names = leaves.map(({ path }) => environmentName(path))
  for (const fixed of [
    'VEZA_HTTP_PORT',
    'VEZA_HTTP_HOST',
    'VEZA_RTMP_PORT',
    'VEZA_DATABASE_URL',
    'VEZA_REDIS_URL',
    'VEZA_RTMP_PUBLIC_HOST',
  ])
    assert.ok(names.includes(fixed), fixed)
  assert.is(new Set(names).size, names.length)
  for (const { path, schema } of leaves) {
    const name = environmentName(path)
    const type = (z.toJSONSchema(schema, { io: 'input' }) as { type?: string }).type ?? 'string'
    const kind = type === 'integer' ? 'number' : type === 'object' ? 'record' : type
    const [text, value] = special[name] ??
      samples[kind] ??
      assert.unreachable(`${name} is ${type}`) ?? ['', '']
    const read = (config: unknown) => path.reduce((at, key) => (at as Record<string, unknown>)[key], config)
    assert.equal(read((await load('', { [name]: text })).config), value, name)
    const file = join(dir, 'value')
    await writeFile(file, `${text}\n`)
    assert.equal(read((await load('', { [`${name}_FILE`]: file })).config), value, `${name}_FILE`)
  }
  const both = await load('http:\n  port: 1\n  host: 127.0.0.9\n', {
    VEZA_HTTP_PORT: '2',
    VEZA_HTTP_HOST: '',
  })
  assert.equal([both.config.http.port, both.config.http.host], [2, '127.0.0.9'])
})

test('a secret’s file that cannot be read is one sentence [OPS-03]', async ({ refuse }) => {
  const error = await refuse('', { VEZA_MAIL_PASSWORD_FILE: '/nowhere/secret' })
  assert.match(error.message, 'VEZA_MAIL_PASSWORD_FILE points to /nowhere/secret')
  assert.ok(error.remedy)
})

test('an unknown key stops the start and names the nearest known one [OPS-03]', async ({ refuse }) => {
  const cases: [yaml: string, wrong: string, near: string][] = [
    ['http:\n  prot: 80\n', 'http.prot', 'http.port'],
    ['htpp:\n  port: 80\n', 'htpp', 'http'],
    ['databse: {}\n', 'databse', 'database'],
    ['rtmp:\n  public_host: a\n', 'rtmp.public_host', 'rtmp.publicHost'],
    ['log:\n  levl: info\n', 'log.levl', 'log.level'],
  ]
  for (const [yaml, wrong, near] of cases) {
    const error = await refuse(yaml)
    assert.match(error.message, `Unknown setting "${wrong}"`)
    assert.match(error.remedy, `"${near}"`)
  }
})

test('a value of the wrong kind is named with its place [OPS-03]', async ({ refuse }) => {
  const cases: [yaml: string, environment: Record<string, string>, path: string][] = [
    ['http:\n  port: eighty\n', {}, 'http.port'],
    ['http:\n  port: 70000\n', {}, 'http.port'],
    ['http: 8080\n', {}, 'http'],
    ['http:\n  trustedProxies: 10.0.0.1\n', {}, 'http.trustedProxies'],
    ['database:\n  schema: "No; drop"\n', {}, 'database.schema'],
    ['log:\n  level: loud\n', {}, 'log.level'],
    ['', { VEZA_HTTP_PORT: 'eighty' }, 'http.port'],
    ['', { VEZA_HTTP_PORT: ' ' }, 'http.port'],
    ['', { VEZA_HTTP_PORT: '80.5' }, 'http.port'],
    ['', { VEZA_MAIL_SECURE: 'maybe' }, 'mail.secure'],
    ['', { VEZA_DATABASE_POOL_SIZE: '1' }, 'database.poolSize'],
  ]
  for (const [yaml, environment, path] of cases) {
    const error = await refuse(yaml, environment)
    assert.match(error.message, `The setting "${path}"`, JSON.stringify([yaml, environment]))
    assert.ok(error.remedy)
  }
})

test('a file that is no YAML, or no settings, is one sentence [OPS-03]', async ({ refuse }) => {
  for (const yaml of ['http: [1\n', 'a: b: c\n', '\tx: 1\n', 'http: {}\nhttp: {}\n'])
    assert.match((await refuse(yaml)).message, 'is not valid YAML', yaml)
  for (const yaml of ['- one\n- two\n', 'just words\n', '42\n'])
    assert.match((await refuse(yaml)).message, 'must hold settings', yaml)
})

test('a list of plugins’ settings in the environment that is no JSON is one sentence', async ({ refuse }) => {
  const error = await refuse('', { VEZA_PLUGINS: '{broken' })
  assert.match(error.message, /plugins/i)
  assert.ok(error.remedy, 'with a remedy')
})

test('values of plugins come by names under VEZA_PLUGINS_…', () => {
  const schema = z.strictObject({
    graceS: z.number(),
    deep: z.strictObject({ isOn: z.boolean().optional() }).prefault({}),
  })
  const environment = { VEZA_PLUGINS_LIVE_GRACE_S: '5', VEZA_PLUGINS_LIVE_DEEP_IS_ON: 'off' }
  assert.equal(fromEnvironment(schema, environment, ['plugins', 'live']), {
    graceS: 5,
    deep: { isOn: false },
  })
  assert.equal(fromEnvironment(schema, {}, ['plugins', 'live']), {})
})

test('later layers win key by key, lists as a whole, and prototypes are left alone', () => {
  const merged = mergeDeep(
    { a: { b: 1, c: [1, 2] }, d: 1 },
    { a: { c: [3] }, d: { e: 2 } },
    JSON.parse('{"__proto__":{"bad":1}}'),
  )
  assert.equal(merged.a, { b: 1, c: [3] })
  assert.equal(merged.d, { e: 2 })
  assert.is(({} as { bad?: number }).bad, undefined)
})

test('finds the data folder: what was asked for, VEZA_DATA, the usual place', () => {
  assert.is(dataFolder('/srv/veza/', { VEZA_DATA: '/other' }), '/srv/veza')
  assert.is(dataFolder(undefined, { VEZA_DATA: '/other' }), '/other')
  const usual = process.getuid?.() === 0 ? '/var/lib/veza' : join(homedir(), '.local/share/veza')
  assert.is(dataFolder(undefined, {}), usual)
  assert.is(environmentVariable('VEZA_NO_SUCH_THING'), undefined)
})

test.run()
