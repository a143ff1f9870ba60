import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { identity } from '#contract'
import { type TestAccount, type TestApp, testApp } from '../test/kit/app.ts'
import { eventually, soon } from '../test/kit/wait.ts'
import { assertSaid, here } from './testdata/here.ts'
import { type Ran, veza } from './testdata/veza.ts'

interface Running {
  /** A server that runs on the data folder meanwhile. */
  app: TestApp
  owner: TestAccount
  cli(...words: string[]): Promise<Ran>
}

const password = 'seven green umbrellas'

/** Everything here changes a running server from outside. */
const test = suite<Running>('people by the command line')
test.before(async (context) => {
  const app = await testApp({ plugins: [] })
  context.app = app
  context.owner = await app.addAccount({ roles: ['owner'], username: 'the-boss' })
  context.cli = (...words) => here([...words, '--data', app.dataDir, '--json'])
})
test.after(({ app }) => app.close())

const me = (app: TestApp, account: TestAccount) => app.as(account).call(identity.me)
const login = (app: TestApp, name: string) => app.call(identity.login, { body: { login: name, password } })

test('user adds by the rules for passwords, shows and finds accounts [ADM-02] [AUTH-13]', async ({
  app,
  cli,
}) => {
  const file = join(app.dataDir, 'password')
  const add = (...more: string[]) =>
    cli('user', 'add', '--email', 'Mia.Moon@label.test', '--password-file', file, ...more)
  for (const [weak, sentence] of [
    ['short', /at least 10/],
    ['password1234', /--password-file/],
    ['MiaMoon2024', /--password-file/],
  ] as const) {
    await writeFile(file, weak)
    assertSaid(await add(), 2, sentence)
  }
  await writeFile(file, `${password}\n`)
  const added = await add('--role', 'artist')
  assert.equal([added.code, added.json.username, added.json.roles], [0, 'mia-moon', ['artist']], added.stderr)
  assert.is((await login(app, 'mia-moon')).status, 200)
  assertSaid(await add('--username', 'other-name'), 1, /in use/)
  assertSaid(await cli('user', 'add', '--email', 'x@y.test', '--role', 'artisan'), 2, /did you mean "artist"/)
  const shown = (await cli('user', 'show', 'MIA.MOON@label.test')).json
  assert.equal([shown.username, shown.status, shown.isEmailVerified], ['mia-moon', 'active', true])
  assert.is(shown.sessions.length, 1)
  const found = (await cli('user', 'list', '--search', 'moon', '--role', 'artist')).json.items
  assert.equal(
    found.map(({ username }: { username: string }) => username),
    ['mia-moon'],
  )
  assert.equal((await cli('user', 'list', '--status', 'suspended')).json.items, [])
  assertSaid(await cli('user', 'list', '--status', 'asleep'), 2, /--status/)
  assertSaid(await cli('user', 'show', 'nobody'), 1, /no account "nobody"/)
})

test('user mails a link instead of a password where it is asked to [ADM-02]', async ({ app, cli }) => {
  const added = await cli('user', 'add', '--email', 'far@label.test', '--username', 'far-away', '--mail')
  assert.equal([added.code, 'password' in added.json], [0, false], added.stderr)
  assert.is((await cli('user', 'reset-password', 'far-away', '--mail')).code, 0)
  const mails = (await app.inbox()).filter(({ toAddress }) => toAddress === 'far@label.test')
  assert.is(mails.length, 2)
  const token = /reset#token=([\w-]+)/.exec(mails[0]?.text ?? '')?.[1] ?? ''
  assert.is((await app.call(identity.reset, { body: { token, password } })).status, 204)
  assert.is((await login(app, 'far-away')).status, 200)
})

test('a suspension reaches the running server at once, its sockets within a second [ADM-02]', async ({
  app,
  cli,
}) => {
  const body = { email: 'noisy@people.test', username: 'noisy-one', password }
  await app.call(identity.register, { body })
  const member = await app.addAccount({ username: 'noisy-two' })
  const socket = await app.socket(member)
  const suspend = (name: string, ...more: string[]) => cli('user', 'suspend', name, ...more)
  assert.is((await suspend('noisy-two')).json.status, 'suspended')
  assert.is((await me(app, member)).status, 401)
  assert.is(await soon('the end of the socket', socket.closed), 4001)
  const timed = await suspend('noisy-one', '--reason', 'Shouting.', '--minutes', '90')
  assert.match(timed.json.suspension.until, /^20/)
  const refused = await login(app, 'noisy-one')
  assert.is(refused.problem, 'identity.suspended')
  assert.match(JSON.stringify(refused.body), 'Shouting.')
  assertSaid(await suspend('noisy-one', '--minutes', 'soon'), 2, /--minutes/)
  assertSaid(await suspend('the-boss'), 1, /last owner/)
  assert.is((await cli('user', 'restore', 'noisy-one')).json.status, 'active')
  assert.is((await login(app, 'noisy-one')).status, 200)
})

test('user gives and takes roles, resets factors, and deletes [ADM-02]', async ({ app, cli }) => {
  const member = await app.addAccount({ username: 'some-one' })
  const role = (...more: string[]) => cli('user', 'role', 'some-one', ...more)
  assert.equal((await role('--add', 'moderator')).json.roles, ['member', 'moderator'])
  assert.equal((await me(app, member)).body.roles, ['member', 'moderator'])
  assert.equal((await role('--remove', 'member')).json.roles, ['moderator'])
  assertSaid(await role(), 2, /Nothing to change/)
  assertSaid(await role('--add', 'moderater'), 2, /did you mean "moderator"/)
  assertSaid(await cli('user', 'role', 'the-boss', '--remove', 'owner'), 1, /last owner/)
  assert.is((await cli('user', 'reset-factors', 'some-one')).json.factors.hasTotp, false)
  assert.is((await me(app, member)).status, 401)
  assertSaid(await cli('user', 'delete', 'some-one'), 2, /--yes/)
  assertSaid(await cli('user', 'delete', 'the-boss', '--yes'), 1, /last owner/)
  assert.is((await cli('user', 'delete', 'some-one', '--yes')).json.deleted, true)
  assertSaid(await cli('user', 'show', 'some-one'), 1, /no account/)
})

test('role makes, changes and removes roles that the running server knows [AUTH-15]', async ({
  app,
  cli,
}) => {
  const role = (...words: string[]) => cli('role', ...words)
  const made = await role(
    'create',
    'desk',
    '--title',
    'Front desk',
    '--allow',
    'identity.invite,chat.moderate',
  )
  assert.equal([made.code, made.json.permissions], [0, ['chat.moderate', 'identity.invite']], made.stderr)
  const member = await app.addAccount({ roles: ['desk'] })
  const may = async () => (await me(app, member)).body.permissions
  await eventually('the new role', async () => (await may()).includes('identity.invite'))
  const given = await role('allow', 'desk', 'identity.read-audit', 'identity.ban-addresses')
  assert.is(given.json.permissions.length, 4)
  await eventually('more permissions', async () => (await may()).includes('identity.read-audit'))
  await role('deny', 'desk', 'identity.read-audit')
  await eventually('fewer permissions', async () => !(await may()).includes('identity.read-audit'))
  assert.is((await role('require-2fa', 'desk')).json.needsSecondFactor, true)
  await eventually(
    'the second factor is asked for',
    async () => (await me(app, member)).body.needsSecondFactor,
  )
  assert.is((await role('require-2fa', 'desk', '--off')).json.needsSecondFactor, false)
  assert.is((await role('show', 'desk')).json.accounts, 1)
  const names = (await role('list')).json.items.map(({ name }: { name: string }) => name)
  assert.equal(names, ['owner', 'admin', 'moderator', 'artist', 'member', 'guest', 'desk'])
  assertSaid(await role('allow', 'desk', 'identity.invte'), 2, /did you mean "identity.invite"/)
  assertSaid(await role('create', 'desk'), 1, /already/)
  assertSaid(await role('create', 'The Desk'), 2, /name:/)
  assertSaid(await role('show', 'nobody'), 1, /no role "nobody"/)
  assertSaid(await role('deny', 'owner', 'identity.invite'), 1, /owner may do everything/)
  assertSaid(await role('remove', 'guest', '--yes'), 1, /cannot be removed/)
  assertSaid(await role('remove', 'desk'), 2, /--yes/)
  assert.is((await role('remove', 'desk', '--yes')).code, 0)
  assert.equal((await me(app, member)).body.roles, [])
})

test('invite makes links, lists and revokes them [AUTH-14]', async ({ app, cli }) => {
  const made = await cli(
    'invite',
    'create',
    '--role',
    'artist',
    '--max-uses',
    '2',
    '--days',
    '3',
    '--note',
    'Duo',
  )
  assert.equal([made.json.role, made.json.maxUses, made.json.note], ['artist', 2, 'Duo'], made.stderr)
  const invitation = made.json.url.split('#invitation=')[1]
  const body = { email: 'duo@people.test', username: 'duo-one', password, invitation }
  assert.equal((await app.call(identity.register, { body })).body.account.roles, ['artist'])
  const [listed] = (await cli('invite', 'list')).json.items
  assert.equal([listed.id, listed.uses, listed.state], [made.json.id, 1, 'open'])
  assert.is((await cli('invite', 'revoke', listed.id)).code, 0)
  const late = { ...body, email: 'duo2@people.test', username: 'duo-two' }
  assert.is((await app.call(identity.register, { body: late })).problem, 'identity.bad-invitation')
  assertSaid(await cli('invite', 'revoke', listed.id), 1, /no such invitation/)
  assertSaid(await cli('invite', 'revoke', 'x'), 2, /id:/)
  assertSaid(await cli('invite', 'create', '--role', 'king'), 2, /no role "king"/)
  assertSaid(await cli('invite', 'create', '--max-uses', '0'), 2, /--max-uses/)
  const mailed = await cli(
    'invite',
    'create',
    '--email',
    'fan@elsewhere.test',
    '--language',
    'fr',
    '--forever',
  )
  assert.is(mailed.json.expiresAt, null)
  assert.match((await app.inbox())[0]?.text ?? '', 'vous invite')
})

test('session lists where somebody is signed in and ends it, sockets too [AUTH-07]', async ({ app, cli }) => {
  const member = await app.addAccount({ username: 'many-screens' })
  const socket = await app.socket(member)
  const [listed] = (await cli('session', 'list', 'many-screens')).json.items
  assert.equal([listed.id, listed.address], [member.sessionId, '127.0.0.1'])
  const other = '0198c0de-0000-7000-8000-000000000001'
  assertSaid(await cli('session', 'end', 'many-screens', '--id', other), 1, /no such session/)
  assert.is((await cli('session', 'end', 'many-screens', '--id', listed.id)).json.ended, 1)
  assert.is(await soon('the end of the socket', socket.closed), 4001)
  assert.is((await me(app, member)).status, 401)
  assert.is((await cli('session', 'end', 'many-screens')).json.ended, 0)
  assert.equal((await cli('session', 'list', 'many-screens')).json.items, [])
})

test('ban keeps addresses out of the running server, and lets them in again [SEC-07]', async ({ cli }) => {
  const added = await cli('ban', 'add', '203.0.113.9/24', '--reason', 'Noise', '--minutes', '5')
  assert.equal([added.json.network, added.json.kind], ['203.0.113.0/24', 'deny'], added.stderr)
  assert.is((await cli('ban', 'allow', '::ffff:203.0.113.7')).json.network, '203.0.113.7')
  assert.is((await cli('ban', 'list')).json.items.length, 2)
  assert.is((await cli('ban', 'remove', '203.0.113.5/24')).json.removed.length, 1)
  const [left] = (await cli('ban', 'list')).json.items
  assert.is((await cli('ban', 'remove', left.id)).code, 0)
  assertSaid(await cli('ban', 'add', '127.0.0.1'), 2, /machine itself/)
  assertSaid(await cli('ban', 'add', 'everybody'), 2, /192\.0\.2\.7/)
  assertSaid(await cli('ban', 'remove', '203.0.113.7'), 1, /no rule/)
})

test('what the command line does is on record without an account [SEC-01]', async ({ app }) => {
  const entries: { action: string; actorId: string | null }[] = await app.site.database
    .db('audit_entries')
    .whereIn('action', [
      'account.suspended',
      'account.roles-changed',
      'account.deleted',
      'role.created',
      'invitation.created',
      'account.sessions-ended',
      'address.banned',
    ])
  assert.is(new Set(entries.map(({ action }) => action)).size, 7)
  assert.ok(entries.every(({ actorId }) => actorId === null))
})

test('people are told in sentences where no JSON is asked for', async ({ app }) => {
  const said = async (...words: string[]) => (await here([...words, '--data', app.dataDir])).stdout
  assert.match(await said('user', 'show', 'the-boss'), /^Username: {2}the-boss\n/)
  assert.match(await said('role', 'show', 'admin'), /^yes +identity\.invite +Invite people/m)
  assert.match(await said('role', 'list'), /^owner +Owner +no /m)
  assert.match(await said('invite', 'create'), /^Invites one person as member, until .*\nhttp/)
  assert.is(await said('ban', 'list'), 'There are no rules.\n')
  const help = await veza(['role', 'allow', '--help'])
  assert.match(help.stdout, 'veza role allow [options] <name> <permissions...>')
})

test.run()
