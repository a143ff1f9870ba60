import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { identity } from '#contract'
import { testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { rolesOf } from './accounts.ts'
import { hashPassword } from './passwords.ts'
import { changeRoles, checkRole, getByLogin, replacePassword, usernameOf } from './staff.ts'

const test = suite('accounts by who runs the appliance')
const messageOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: Error) => error.message,
  )

for (const kind of databaseKinds)
  test(`roles are given and taken, but never the last owner’s, on ${kind}`, async () => {
    const app = await testApp({ kind, plugins: [] })
    const { db } = app.site.database
    await app.addAccount({ roles: ['owner'], username: 'boss' })
    await app.addAccount({ username: 'aide' })
    const [boss, aide] = [await getByLogin(db, 'BOSS'), await getByLogin(db, 'aide@people.test')]
    assert.match(await messageOf(getByLogin(db, 'nobody')), 'There is no account "nobody"')
    assert.match(await messageOf(changeRoles(db, boss, { remove: 'owner' })), 'boss is the last owner')
    assert.match(await messageOf(changeRoles(db, boss, { add: 'king' })), 'There is no role "king"')
    assert.equal(await changeRoles(db, aide, { add: 'owner', remove: 'member' }), ['owner'])
    assert.equal(await changeRoles(db, boss, { add: 'artist', remove: 'owner' }), ['artist'])
    assert.equal([await rolesOf(db, boss.id), await rolesOf(db, aide.id)], [['artist'], ['owner']])
    await app.close()
  })

test('a new password ends every session made with the old one', async () => {
  const app = await testApp({ plugins: [] })
  const { db } = app.site.database
  const account = await app.addAccount({ username: 'anna' })
  await replacePassword(db, await getByLogin(db, 'anna'), await hashPassword('another long password'))
  assert.is((await app.as(account).call(identity.me)).status, 401)
  const login = { login: 'anna', password: 'another long password' }
  assert.is((await app.call(identity.login, { body: login })).status, 200)
  await app.close()
})

test('makes usernames of addresses, and knows the roles there are', () => {
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
  for (const role of ['owner', 'admin', 'moderator', 'artist', 'member', 'guest']) checkRole(role)
  assert.throws(() => checkRole('king'), /There is no role/)
})

test.run()
