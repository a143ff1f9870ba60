import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { identity } from '#contract'
import { type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { loadConfig } from '../settings/load.ts'
import { identityParts } from '../sites/identity-parts.ts'
import { rolesOf } from './accounts.ts'
import { hashPassword } from './passwords.ts'
import { getByLogin, replacePassword, setAccountRoles, suspendAccount, usernameOf } from './staff.ts'

const test = suite('accounts by who runs the appliance')
const partsOf = ({ site, dataDir }: TestApp) => identityParts(site, loadConfig(dataDir, {}))
const messageOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: Error) => error.message,
  )

for (const kind of databaseKinds)
  test(`roles are given and taken, but never the last owner’s, on ${kind}`, async () => {
    const app = await testApp({ kind, plugins: [] })
    const parts = partsOf(app)
    await app.addAccount({ roles: ['owner'], username: 'boss' })
    await app.addAccount({ username: 'aide' })
    const [boss, aide] = [await getByLogin(parts.db, 'BOSS'), await getByLogin(parts.db, 'aide@people.test')]
    assert.match(await messageOf(getByLogin(parts.db, 'nobody')), 'There is no account "nobody"')
    const set = (account: { id: string }, ...roles: string[]) =>
      setAccountRoles(parts, null, account.id, () => roles)
    assert.match(await messageOf(set(boss, 'member')), 'boss is the last owner')
    assert.match(await messageOf(set(boss, 'owner', 'moderater')), 'did you mean "moderator"')
    await set(aide, 'owner')
    await set(boss, 'artist', 'artist')
    assert.equal(
      [await rolesOf(parts.db, boss.id), await rolesOf(parts.db, aide.id)],
      [['artist'], ['owner']],
    )
    await app.close()
  })

for (const kind of databaseKinds)
  test(`two owners who depose each other at once leave one of them, on ${kind} [ADM-02] [AUTH-15]`, async () => {
    const app = await testApp({ kind, plugins: [] })
    const parts = partsOf(app)
    const one = await app.addAccount({ roles: ['owner'] })
    const two = await app.addAccount({ roles: ['owner'] })
    const outcomes = await Promise.all([
      messageOf(setAccountRoles(parts, null, one.id, () => ['member'])),
      messageOf(suspendAccount(parts, null, two.id, { reason: '', minutes: null })),
    ])
    assert.is(outcomes.filter((outcome) => outcome === 'done').length, 1, outcomes.join('; '))
    const left = await parts
      .db('account_roles')
      .join('accounts', 'accounts.id', 'account_roles.account_id')
      .where({ role: 'owner', status: 'active' })
    assert.is(left.length, 1)
    await app.close()
  })

test('a new password ends every session made with the old one', async () => {
  const app = await testApp({ plugins: [] })
  const parts = partsOf(app)
  const account = await app.addAccount({ username: 'anna' })
  await replacePassword(parts, null, account.id, await hashPassword('another long password'))
  assert.is((await app.as(account).call(identity.me)).status, 401)
  const login = { login: 'anna', password: 'another long password' }
  assert.is((await app.call(identity.login, { body: login })).status, 200)
  await app.close()
})

test('makes usernames of addresses', () => {
  const cases: [email: string, name: string][] = [
    ['Anna.Bell@label.test', 'anna-bell'],
    ['..anna..@label.test', 'anna'],
    ['ä@label.test', 'person'],
    ['@label.test', 'person'],
    [`${'x'.repeat(64)}@label.test`, 'x'.repeat(30)],
  ]
  for (const [email, name] of cases) {
    assert.is(usernameOf(email), name)
    assert.ok(identity.Username.safeParse(usernameOf(email)).success)
  }
})

test.run()
