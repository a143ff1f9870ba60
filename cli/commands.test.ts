import { existsSync } from 'node:fs'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openDatabase } from '../server/db/index.ts'
import { checkPassword } from '../server/identity/passwords.ts'
import { assertSaid, here } from './testdata/here.ts'
import { madeFolder, removeFolder, veza } from './testdata/veza.ts'

/** Everything here runs beside no server, on one data folder. */
const test = suite<{ parent: string; data: string }>('commands')
test.before(async (context) => {
  Object.assign(context, await madeFolder())
})
test.after(({ parent }) => removeFolder(parent))

async function inDatabase<T>(
  data: string,
  work: (db: Awaited<ReturnType<typeof openDatabase>>['db']) => Promise<T>,
) {
  const database = await openDatabase({ location: join(data, 'sites/main/veza.db') })
  return work(database.db).finally(() => database.close())
}

test('init says what is wrong with a flag and makes nothing of it [OPS-01] [OPS-02] [AUTH-13]', async ({
  parent,
  data,
}) => {
  const other = join(parent, 'other')
  const init = (...flags: string[]) => here(['init', '--data', other, ...flags])
  assertSaid(await veza(['init', '--data', other]), 2, /no terminal/)
  assertSaid(await init('--yes', '--url', 'label.example'), 2, /not a web address/)
  assertSaid(await init('--yes', '--admin-email', 'a@b.example'), 2, /e-mail address and a password/)
  const again = await here(['init', '--yes', '--data', data, '--json'])
  const short = join(parent, 'short')
  await writeFile(short, 'short')
  const weak = await init('--yes', '--admin-email', 'a@b.example', '--admin-password-file', short)
  assertSaid(weak, 2, /at least 10 characters/)
  await writeFile(short, 'password1234')
  const common = await init('--yes', '--admin-email', 'a@b.example', '--admin-password-file', short)
  assertSaid(common, 2, /many people use/)
  assert.not.ok(existsSync(other))
  assert.equal([again.code, again.json.made], [0, false])
  assertSaid(await here(['init', '--yes', '--data', parent]), 1, /not empty/)
})

test('init takes its address from the port in the environment [OPS-01]', async ({ parent }) => {
  const other = join(parent, 'port')
  const made = await here(['init', '--yes', '--data', other, '--json'], { VEZA_HTTP_PORT: '9911' })
  assert.is(made.json.url, 'http://localhost:9911')
  assert.match(made.json.setupUrl, /^http:\/\/localhost:9911\/setup\?token=/)
})

test('user adds, lists and changes accounts, and keeps the last owner [OPS-02]', async ({ data }) => {
  const user = (...words: string[]) => here(['user', ...words, '--data', data, '--json'])
  const added = await veza([
    'user',
    'add',
    '--data',
    data,
    '--json',
    '--email',
    'DJ.One@label.test',
    '--role',
    'artist',
  ])
  assert.equal(
    [added.code, added.json.username, added.json.email, added.json.roles],
    [0, 'dj-one', 'dj.one@label.test', ['artist']],
  )
  const hash = await inDatabase(data, (db) =>
    db('accounts').where({ username: 'dj-one' }).first('password_hash'),
  )
  assert.ok(await checkPassword(hash.passwordHash, added.json.password))
  assertSaid(await user('add', '--email', 'dj.one@label.test'), 1, /in use|taken|already/)
  assertSaid(await user('add', '--email', 'nonsense'), 2, /--email/)
  assertSaid(await user('role', 'owner', '--remove', 'owner'), 1, /last owner/)
  assert.equal((await user('role', 'dj-one', '--add', 'owner', '--remove', 'artist')).json.roles, ['owner'])
  assert.equal((await user('role', 'owner', '--remove', 'owner')).code, 0)
  assertSaid(await user('role', 'dj-one', '--add', 'emperor'), 2, /no role/)
  const { items } = (await user('list')).json
  assert.equal(
    items.map((item: { username: string; roles: string[] }) => [item.username, item.roles]),
    [
      ['owner', []],
      ['dj-one', ['owner']],
    ],
  )
  assert.not.ok('passwordHash' in items[0])
})

test('a new password ends every session of the account [OPS-02]', async ({ parent, data }) => {
  const sessions = (count: boolean) =>
    inDatabase(data, async (db) => {
      const { id } = await db('accounts').where({ username: 'owner' }).first('id')
      if (!count)
        await db('sessions').insert({
          id,
          accountId: id,
          cookieHash: '',
          refreshHash: '',
          methodsJson: '[]',
          hasSecondFactor: false,
          userAgent: '',
          address: '',
          createdAt: '',
          seenAt: '',
          confirmedAt: '',
          expiresAt: '9',
        })
      return (await db('sessions')).length
    })
  assert.is(await sessions(false), 1)
  const file = join(parent, 'new')
  await writeFile(file, 'another long password')
  const reset = await here([
    'user',
    'reset-password',
    'owner',
    '--password-file',
    file,
    '--data',
    data,
    '--json',
  ])
  assert.equal([reset.code, 'password' in reset.json], [0, false])
  assert.is(await sessions(true), 0)
  assertSaid(await here(['user', 'reset-password', 'nobody', '--data', data]), 1, /no account/)
})

test('site makes another label and moves a removed one to the trash [SITE-01]', async ({ data }) => {
  const site = (...words: string[]) => here(['site', ...words, '--data', data, '--json'])
  const added = await site('add', 'second', '--url', 'https://second.test/')
  assert.equal([added.json.url, added.json.needsRestart], ['https://second.test', false])
  assert.match(added.json.setupUrl, /^https:\/\/second\.test\/setup\?token=/)
  assertSaid(await site('add', 'second', '--url', 'https://x.test'), 1, /already/)
  assertSaid(await site('add', 'Third Label', '--url', 'https://x.test'), 2, /cannot be a site/)
  assertSaid(await site('add', 'third'), 2, /--url/)
  const users = await here(['user', 'list', '--site', 'second', '--data', data, '--json'])
  assert.equal(users.json.items, [])
  const moved = await site('address', 'second', '--url', 'https://moved.test/')
  assert.equal(moved.json, { name: 'second', url: 'https://moved.test', needsRestart: false })
  const urls = (await site('list')).json.items.map(({ url }: { url: string }) => url)
  assert.ok(urls.includes('https://moved.test') && !urls.includes('https://second.test'))
  assertSaid(await site('address', 'main', '--url', 'https://moved.test'), 1, /has that address/)
  assertSaid(await site('address', 'nobody', '--url', 'https://y.test'), 1, /no site/)
  assertSaid(await site('address', 'second'), 2, /--url/)
  assertSaid(await site('remove', 'second'), 2, /--yes/)
  const removed = await veza(['site', 'remove', 'second', '--yes', '--data', data, '--json'])
  assert.ok(existsSync(join(removed.json.folder, 'veza.db')))
  assert.not.ok(existsSync(join(data, 'sites/second')))
  assert.equal((await site('list')).json.items.length, 1)
  assertSaid(await site('remove', 'main', '--yes'), 1, /only site/)
})

test('mail shows what was held [OPS-02]', async ({ data }) => {
  const id = '0198c0de-0000-7000-8000-000000000001'
  await inDatabase(data, (db) =>
    db('mail_outbox').insert({
      id,
      toAddress: 'a@b.test',
      subject: 'Hello',
      text: 'Come in',
      state: 'held',
      createdAt: '2026-01-01T00:00:00.000Z',
    }),
  )
  const mail = (...words: string[]) => here(['mail', ...words, '--data', data, '--json'])
  assert.equal((await mail('list')).json.items[0].to, 'a@b.test')
  assert.is((await mail('show', id)).json.text, 'Come in')
  assertSaid(await mail('show', 'x'), 2, /id/)
  assertSaid(await mail('show', id.replace('1', '2')), 1, /no such mail/)
})

test('doctor finds nothing on a sound folder, and says what is wrong with another [OPS-02]', async ({
  parent,
  data,
}) => {
  const sound = await veza(['doctor', '--data', data, '--json'], { VEZA_HTTP_PORT: '0', VEZA_RTMP_PORT: '0' })
  assert.equal([sound.code, sound.json.isOk, sound.json.isRunning], [0, true, false], sound.stdout)
  const ids = sound.json.checks.map((check: { id: string }) => check.id)
  for (const id of [
    'node',
    'disk',
    'data',
    'config',
    'database.main',
    'http-port',
    'live.rtmp-port',
    'plugin.chat',
  ])
    assert.ok(ids.includes(id), id)
  const missing = await here(['doctor', '--data', join(parent, 'nowhere')])
  assert.is(missing.code, 1)
  assert.match(missing.stdout, /FAIL {2}Data folder: There is no data folder/)
  const lost = { VEZA_DATABASE_URL: 'postgres://veza:hunter2@127.0.0.1:1/veza' }
  const unreachable = await here(['doctor', '--data', data], lost)
  assert.is(unreachable.code, 1)
  assert.match(unreachable.stdout, /FAIL {2}List of sites: The database at/)
  assert.not.match(unreachable.stdout, /hunter2/)
})

test('migrate keeps a copy of a database with data before it changes it [OPS-14]', async ({ data }) => {
  await rm(join(data, 'backups'), { recursive: true, force: true })
  await inDatabase(data, async (db) => {
    await db('veza_migrations').where({ name: 'server/0003-mail' }).delete()
    await db.schema.dropTable('mail_outbox')
  })
  const migrate = (...words: string[]) => veza(['migrate', ...words, '--data', data, '--json'])
  const dry = await migrate('--dry-run')
  assert.equal(dry.json, { applied: false, sites: [{ site: 'main', migrations: ['server/0003-mail'] }] })
  assert.is((await here(['doctor', '--data', data])).code, 1, 'doctor names what waits')
  assert.is((await migrate()).json.applied, true)
  assert.is((await migrate()).json.applied, false)
  const copies = await readdir(join(data, 'backups'))
  assert.is(copies.length, 1)
  assert.match(copies[0] ?? '', /^before-\d+\.\d+\.\d+-\d{8}T\d{6}Z\.db$/)
  const copy = await openDatabase({ location: join(data, 'backups', copies[0] ?? '') })
  assert.is((await copy.db('accounts')).length, 2)
  assert.not.ok(await copy.db.schema.hasTable('mail_outbox'))
  await copy.close()
})

test('data of a newer version is refused, untouched [OPS-14]', async ({ data }) => {
  const mark = (name: string, isThere: boolean) =>
    inDatabase(data, async (db) => {
      if (isThere) await db('veza_migrations').insert({ name, appliedAt: '2030' })
      else await db('veza_migrations').where({ name }).delete()
    })
  for (const name of ['server/9999-future', 'live/9999-future']) {
    await mark(name, true)
    assertSaid(
      await veza(['start', '--data', data], { VEZA_HTTP_PORT: '0', VEZA_RTMP_PORT: '0' }),
      1,
      /newer version of Veza/,
    )
    await mark(name, false)
  }
})

test('openapi prints the description, and a reader may stop early', async ({ data }) => {
  const { stdout, code } = await veza(['openapi', '--data', data])
  const description = JSON.parse(stdout)
  assert.equal([code, description.openapi], [0, '3.1.0'])
  assert.ok('/api/v1/live/channels' in description.paths)
})

test('an unforeseen error is one sentence; its stack is in the log [OPS-09]', async ({ data }) => {
  await inDatabase(data, (db) => db.schema.renameTable('accounts', 'accounts_away'))
  assertSaid(await here(['user', 'list', '--data', data]), 1, /unexpected/)
  await inDatabase(data, (db) => db.schema.renameTable('accounts_away', 'accounts'))
  const logs = await veza(['logs', '--level', 'error', '--data', data])
  assert.match(logs.stdout, /a command failed unexpectedly[\s\S]*^\s+at /m)
  const raw = await here(['logs', '-n', '1', '--json', '--data', data])
  assert.is(raw.json.level, 'error')
  assertSaid(await here(['logs', '--level', 'loud', '--data', data]), 2, /--level/)
})

test('wrong use is exit code 2, in JSON too; a missing folder is 1 [OPS-02]', async ({ parent }) => {
  const nowhere = join(parent, 'nowhere')
  const [unknown, option, json, missing, status, stop] = await Promise.all([
    veza(['frobnicate']),
    veza(['user', 'list', '--frob']),
    veza(['site', 'add', '--json']),
    veza(['user', 'list', '--data', nowhere, '--json']),
    veza(['status', '--data', parent, '--json']),
    veza(['stop', '--data', parent]),
  ])
  assertSaid(unknown, 2, /unknown command/)
  assertSaid(option, 2, /unknown option/)
  assert.is(json.code, 2)
  assert.match(JSON.parse(json.stderr).error.message, /missing required argument/)
  assert.is(missing.code, 1)
  assert.match(JSON.parse(missing.stderr).error.remedy, /veza init/)
  assert.equal([status.code, status.json.isRunning], [1, false])
  assertSaid(stop, 1, /No server runs/)
})

test.run()
