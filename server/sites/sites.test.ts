import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { admin } from '#contract'
import { definePlugin } from '#sdk'
import { testApp } from '../../test/kit/app.ts'
import { fakeClock } from '../../test/kit/clock.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import type { VezaError } from '../errors.ts'
import { loadConfig } from '../settings/load.ts'
import { hostName, siteOf } from './hosts.ts'
import { cleanUrl, openOrExplain, openRegistry, siteTarget } from './registry.ts'
import { createShared } from './shared.ts'
import { openSigner } from './signer.ts'

const test = suite('sites')
const site = (name: string, url: string) => ({ info: { name, url } })
const messageOf = async (work: Promise<unknown>) =>
  String(
    await work.then(
      () => 'done',
      (error: VezaError) => `${error.message} ${error.remedy}`,
    ),
  )

test('a host name is read as people and programs write it', () => {
  const cases: [string, string][] = [
    ['Label.Example:8080', 'label.example'],
    ['label.example.', 'label.example'],
    ['[::1]:8080', '::1'],
    ['[2001:DB8::1]', '2001:db8::1'],
    ['127.0.0.1:80', '127.0.0.1'],
    ['', ''],
  ]
  for (const [host, name] of cases) assert.is(hostName(host), name, host)
})

test('one site answers everywhere; of several, the one that was dialled [SITE-06]', () => {
  const main = site('main', 'https://label.example')
  const second = site('second', 'http://second.example:8080')
  assert.is(siteOf([second], 'anything.test'), second)
  const both = [second, main]
  for (const host of ['second.example', 'SECOND.example:1935', 'second.example.'])
    assert.is(siteOf(both, host), second, host)
  for (const host of ['label.example:443', 'localhost:8080', '192.0.2.1', '[::1]:80', ''])
    assert.is(siteOf(both, host), main, host)
  for (const host of ['third.example', 'xsecond.example', 'second.example.evil.test', '999.1.1.1'])
    assert.throws(
      () => siteOf(both, host),
      (error: Error) => /host name/.test(error.message) || 'problem' in error,
    )
  const third = site('third', 'http://third.example')
  assert.is(
    siteOf([second, third], '127.0.0.1'),
    second,
    'without a main the first answers at plain addresses',
  )
  assert.throws(() => siteOf([], 'label.example'))
})

test('takes web addresses and nothing else', () => {
  assert.is(cleanUrl('HTTPS://Label.Example/path/'), 'https://label.example')
  assert.is(cleanUrl('http://label.example:8080'), 'http://label.example:8080')
  for (const wrong of [
    'label.example',
    'ftp://label.example',
    'https://me@label.example',
    'http://a/?b=1',
    'http://a/#b',
    '',
    'javascript:alert(1)',
  ])
    assert.throws(() => cleanUrl(wrong), /is not a web address/)
})

for (const kind of databaseKinds)
  test(`the register keeps names apart and says what is wrong with one, on ${kind} [SITE-01]`, async () => {
    const app = await testApp({ kind, plugins: [], sites: ['second'] })
    const { registry } = app.appliance
    assert.equal(
      (await registry.list()).map(({ name, url }) => [name, url]),
      [
        ['main', 'http://main.test'],
        ['second', 'http://second.test'],
      ],
    )
    assert.match(
      await messageOf(registry.add('second', 'http://x.test')),
      'There is a site "second" already.',
    )
    for (const name of ['Main', '1st', 'a b', '../up', 'a'.repeat(31), ''])
      assert.match(await messageOf(registry.add(name, 'http://x.test')), 'cannot be a site’s name')
    assert.match(await messageOf(registry.add('third', 'third.test')), 'is not a web address')
    assert.match(await messageOf(registry.remove('third')), 'There is no site "third"')
    await registry.setUrl('second', 'https://new.test/')
    assert.is((await registry.list())[1]?.url, 'https://new.test')
    const places = ['main', 'second'].map((name) => app.siteNamed(name).database.target)
    assert.is.not(JSON.stringify(places[0]), JSON.stringify(places[1]))
    await app.close()
  })

test('each site has its file, or its schema', async () => {
  const loaded = (environment: Record<string, string>) => loadConfig('/data', environment)
  assert.equal(siteTarget(loaded({}), 'a-b'), { location: '/data/sites/a-b/veza.db' })
  const url = 'postgres://h/d'
  assert.equal(siteTarget(loaded({ VEZA_DATABASE_URL: url, VEZA_DATABASE_SCHEMA: 's' }), 'a-b'), {
    location: url,
    schema: 's_site_a_b',
    poolSize: 10,
  })
})

test('a database that cannot be opened is one sentence without its password', async () => {
  const location = 'postgres://veza:very-secret@127.0.0.1:1/veza'
  const said = await messageOf(openOrExplain({ location, schema: 'x' }))
  assert.match(said, /^The database at postgres:\/\/…@127\.0\.0\.1:1\/veza cannot be opened: .*PostgreSQL/)
  assert.not.match(said, 'very-secret')
  assert.match(await messageOf(openOrExplain({ location: '/nowhere/at/all.db' })), 'data folder')
  const dataDir = await mkdtemp(join(tmpdir(), 'veza-sites-'))
  const registry = await openRegistry(loadConfig(dataDir, {}))
  await registry.database.close()
  await rm(dataDir, { recursive: true })
})

test('what sites share is made by the first and closed by the last', async () => {
  const shared = createShared()
  const log: string[] = []
  const create = async () => {
    log.push('made')
    return { close: async () => void log.push('closed') }
  }
  const [one, two] = await Promise.all([shared.take('a', create), shared.take('a', create)])
  assert.is(one, two)
  await shared.release('a')
  assert.equal(log, ['made'])
  await shared.release('a')
  await shared.release('a')
  assert.equal(log, ['made', 'closed'])
  const failing = () => Promise.reject(new Error('cannot be made'))
  assert.match(await messageOf(shared.take('a', failing)), 'cannot be made')
  await shared.take('a', create)
  assert.is(log.length, 3, 'a failure is not kept')
})

test('signs by a key of the site’s own that its processes share [SITE-10]', async () => {
  const app = await testApp({ plugins: [], sites: ['second'] })
  const [main, again, second] = await Promise.all(
    [app.site, app.site, app.siteNamed('second')].map((one) => openSigner(one.database.db, one.keyring)),
  )
  const signature = main?.sign('media', 'value') ?? ''
  assert.match(signature, /^[\w-]{22}$/)
  assert.ok(again?.verify('media', 'value', signature))
  assert.not.ok(second?.verify('media', 'value', signature))
  for (const [purpose, value, given] of [
    ['hls', 'value', signature],
    ['media', 'valu', signature],
    ['medi', 'avalue', signature],
    ['media', 'value', ''],
    ['media', 'value', `${signature}x`],
  ] as const)
    assert.not.ok(main?.verify(purpose, value, given), `${purpose} ${value} ${given}`)
  await app.close()
})

test('ended sessions and old mails are tidied away by a daily job', async () => {
  const clock = fakeClock(new Date())
  const app = await testApp({ plugins: [], clock, roles: ['web', 'worker'] })
  const { db } = app.site.database
  await app.addAccount()
  await db.tx((db) => app.site.mail.send(db, { to: 'a@people.test', subject: 'Old', text: 'Old' }))
  await db('mail_outbox').update({ state: 'sent', sentAt: clock.now().toISOString() })
  clock.advance(32 * 24 * 3_600_000)
  const { name, payloadJson } = { name: 'server.tidy', payloadJson: '{}' }
  const row = {
    id: crypto.randomUUID(),
    name,
    payloadJson,
    state: 'waiting',
    priority: 0,
    attempts: 0,
    maxAttempts: 1,
  }
  const now = clock.now().toISOString()
  await db('jobs').insert({ ...row, runAt: now, createdAt: now })
  await app.jobs.drain()
  assert.is((await app.jobs.get(row.id)).state, 'done')
  assert.equal([await db('sessions'), await db('mail_outbox')], [[], []])
  await app.close()
})

test('a plugin is given its site and nothing of another', async () => {
  const seen: [string, string, string, boolean, boolean][] = []
  const curious = definePlugin({
    name: 'curious',
    version: '1.0.0',
    title: 'Curious',
    setup: ({ site: info, accounts, shared, onStart, log }) => {
      seen.push([
        info.name,
        info.url,
        info.title(),
        info.answersTo('second.test'),
        info.answersTo('main.test'),
      ])
      onStart('web', async () => {
        await shared('one', async () => ({ close: async () => log.info({}, 'closed') }))
        assert.is((await accounts.byIds([])).size, 0)
        assert.is(await accounts.can(crypto.randomUUID(), 'any'), false)
      })
    },
  })
  const app = await testApp({ plugins: [curious], sites: ['second'] })
  assert.equal(
    seen.map(([name, url, title]) => [name, url, title]),
    [
      ['main', 'http://main.test', 'Your label'],
      ['second', 'http://second.test', 'Your label'],
    ],
  )
  assert.equal(
    [app.site, app.siteNamed('second')].map((one) => one.info.answersTo('second.test')),
    [false, true],
  )
  assert.not.ok(app.site.info.answersTo('nobody.test'))
  assert.equal((await app.at('second').call(admin.site)).body.name, 'second')
  await app.close()
})

test.run()
