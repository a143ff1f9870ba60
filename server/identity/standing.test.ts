import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { admin, identity, type Route } from '#contract'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { setRolePermission } from './roles.ts'
import { isAbove } from './standing.ts'

interface People {
  app: TestApp
  owner: TestAccount
  boss: TestAccount
  /** May manage accounts, and nothing else beyond a member. */
  clerk: TestAccount
}

const test = suite<People>('nobody gives or takes what they do not have')
test.before(async (context) => {
  const app = await testApp({ plugins: [] })
  const owner = await app.addAccount({ roles: ['owner'] })
  await app.as(owner).call(admin.createRole, {
    body: {
      name: 'clerk',
      title: 'Clerk',
      permissions: ['identity.manage-accounts', 'identity.invite'],
      needsSecondFactor: false,
    },
  })
  await app.as(owner).call(admin.createRole, {
    body: {
      name: 'keeper',
      title: 'Keeper',
      permissions: ['identity.manage-roles'],
      needsSecondFactor: false,
    },
  })
  const boss = await app.addAccount({ roles: ['admin', 'member'] })
  const clerk = await app.addAccount({ roles: ['clerk', 'member'] })
  Object.assign(context, { app, owner, boss, clerk })
})
test.after(({ app }) => app.close())

const rolesOf = async (app: TestApp, account: TestAccount) =>
  (await app.as(account).call(identity.me)).body.roles

test('an admin makes nobody owner, themselves neither [ADM-02] [AUTH-15]', async ({ app, boss }) => {
  const member = await app.addAccount()
  for (const { id } of [boss, member]) {
    const { problem } = await app
      .as(boss)
      .call(admin.setAccountRoles, { params: { id }, body: { roles: ['owner', 'admin', 'member'] } })
    assert.is(problem, 'identity.above-you')
  }
  const body = { email: 'sock@people.test', username: 'sock-puppet', roles: ['owner'] }
  assert.is((await app.as(boss).call(admin.addAccount, { body })).problem, 'identity.above-you')
  assert.equal(await rolesOf(app, boss), ['admin', 'member'])
  assert.equal(await rolesOf(app, member), ['member'])
})

test('not even who may do everything else makes an owner [ADM-02] [AUTH-15]', async ({ app, owner }) => {
  const permissions = app.site.permissions.list().map(({ name }) => name)
  const role = { name: 'deputy', title: 'Deputy', permissions, needsSecondFactor: false }
  assert.is((await app.as(owner).call(admin.createRole, { body: role })).status, 200)
  const deputy = await app.addAccount({ roles: ['deputy'] })
  const give = (...roles: string[]) =>
    app.as(deputy).call(admin.setAccountRoles, { params: { id: deputy.id }, body: { roles } })
  assert.is((await give('deputy', 'owner')).problem, 'identity.above-you')
  assert.is((await give('deputy', 'admin')).status, 200)
  const params = { id: owner.id }
  const suspended = await app
    .as(deputy)
    .call(admin.suspendAccount, { params, body: { reason: '', minutes: 1 } })
  assert.is(suspended.problem, 'identity.above-you')
})

test('whoever may do more cannot be changed, and is as before [ADM-02]', async ({
  app,
  owner,
  boss,
  clerk,
}) => {
  const above: [TestAccount, TestAccount][] = [
    [boss, owner],
    [clerk, owner],
    [clerk, boss],
  ]
  const routes: [Route, unknown][] = [
    [admin.setAccountRoles as Route, { roles: ['member'] }],
    [admin.suspendAccount as Route, { reason: '', minutes: null }],
    [admin.restoreAccount as Route, undefined],
    [admin.endAccountSessions as Route, undefined],
    [admin.resetAccountFactors as Route, undefined],
    [admin.mailPasswordLink as Route, undefined],
    [admin.removeAccount as Route, undefined],
  ]
  const before = (await app.inbox()).length
  for (const [actor, target] of above)
    for (const [route, body] of routes) {
      const answer = await app.as(actor).callRaw(route, { params: { id: target.id }, body })
      assert.is(answer.problem, 'identity.above-you', `${route.method} ${route.path}`)
    }
  assert.equal(await rolesOf(app, owner), ['owner'])
  assert.equal(await rolesOf(app, boss), ['admin', 'member'])
  assert.is((await app.inbox()).length, before)
})

test('a role that manages accounts alone gives only what it has itself [AUTH-15]', async ({ app, clerk }) => {
  const member = await app.addAccount()
  const params = { id: member.id }
  const give = (...roles: string[]) => app.as(clerk).call(admin.setAccountRoles, { params, body: { roles } })
  assert.is((await give('admin')).problem, 'identity.above-you')
  assert.is((await give('keeper')).problem, 'identity.above-you')
  assert.is((await give('clerk', 'member')).status, 200)
  assert.equal(await rolesOf(app, member), ['clerk', 'member'])
  assert.is((await app.as(clerk).call(admin.listRoles)).status, 200)
  const role = { name: 'mine', title: 'Mine', permissions: [], needsSecondFactor: false }
  assert.is((await app.as(clerk).call(admin.createRole, { body: role })).problem, 'not-allowed')
})

test('a role is made and changed only of permissions its maker has [AUTH-15]', async ({ app }) => {
  const keeper = await app.addAccount({ roles: ['keeper'] })
  const client = app.as(keeper)
  const role = { title: 'T', needsSecondFactor: false }
  const greedy = { ...role, name: 'greedy', permissions: ['server.administer'] }
  assert.is((await client.call(admin.createRole, { body: greedy })).problem, 'identity.above-you')
  const modest = { ...role, name: 'modest', permissions: ['identity.manage-roles'] }
  assert.is((await client.call(admin.createRole, { body: modest })).status, 200)
  const change = (name: string, body: { allow?: string[]; deny?: string[]; needsSecondFactor?: boolean }) =>
    client.call(admin.updateRole, { params: { name }, body })
  assert.is((await change('keeper', { allow: ['server.administer'] })).problem, 'identity.above-you')
  assert.is((await change('admin', { deny: ['identity.invite'] })).problem, 'identity.above-you')
  assert.is((await change('owner', { needsSecondFactor: true })).problem, 'identity.above-you')
  assert.is(
    (await client.call(admin.removeRole, { params: { name: 'clerk' } })).problem,
    'identity.above-you',
  )
  assert.equal((await app.as(keeper).call(identity.me)).body.permissions, ['identity.manage-roles'])
})

test('no invitation brings more than its maker has [AUTH-15]', async ({ app, owner, boss, clerk }) => {
  const invite = (who: TestAccount, role: string) =>
    app.as(who).call(admin.createInvitation, { body: { role, note: '', maxUses: 1, expiresInDays: 1 } })
  assert.is((await invite(boss, 'owner')).problem, 'identity.above-you')
  assert.is((await invite(clerk, 'admin')).problem, 'identity.above-you')
  const high = await invite(owner, 'admin')
  const params = { id: high.body.id }
  assert.is((await app.as(clerk).call(admin.removeInvitation, { params })).problem, 'identity.above-you')
  assert.is((await invite(clerk, 'member')).status, 200)
})

test('the last owner stays one, and nobody suspends, deletes or unlocks themselves [ADM-02]', async ({
  app,
  owner,
  boss,
}) => {
  const client = app.as(owner)
  const params = { id: owner.id }
  const step = await client.call(admin.setAccountRoles, { params, body: { roles: ['member'] } })
  assert.is(step.problem, 'identity.last-owner')
  assert.is((await client.call(admin.removeAccount, { params })).problem, 'not-allowed')
  const second = await app.addAccount({ roles: ['owner'] })
  await client.call(admin.suspendAccount, { params: { id: second.id }, body: { reason: '', minutes: 9 } })
  const again = await client.call(admin.setAccountRoles, { params, body: { roles: ['member'] } })
  assert.is(again.problem, 'identity.last-owner', 'a suspended owner does not count')
  await client.call(admin.removeAccount, { params: { id: second.id } })
  for (const route of [admin.suspendAccount, admin.resetAccountFactors, admin.removeAccount] as Route[]) {
    const body = route.method === 'POST' ? { reason: '' } : undefined
    const { problem } = await app.as(boss).callRaw(route, { params: { id: boss.id }, body })
    assert.is(problem, 'not-allowed', route.path)
  }
})

test('a session without the second factor its role asks for stands no higher than it may do', async ({
  app,
  owner,
}) => {
  const needs = (needsSecondFactor: boolean) =>
    app.as(owner).call(admin.updateRole, { params: { name: 'admin' }, body: { needsSecondFactor } })
  assert.is((await needs(true)).status, 200)
  const both = await app.addAccount({ roles: ['admin', 'clerk', 'member'] })
  const me = (await app.as(both).call(identity.me)).body
  assert.is(me.needsSecondFactor, true)
  const other = await app.addAccount({ roles: ['admin', 'member'] })
  const suspend = (by: TestAccount) =>
    app.as(by).call(admin.suspendAccount, { params: { id: other.id }, body: { reason: '', minutes: 1 } })
  assert.is((await suspend(both)).problem, 'identity.above-you')
  const strong = await app.addAccount({ roles: ['admin', 'member'], methods: ['totp'] })
  assert.is((await suspend(strong)).status, 200)
  await needs(false)
})

test('what a role may do in a plugin that is off counts, too', async ({ app, boss }) => {
  const { db } = app.site.database
  await setRolePermission(db, 'clerk', 'shop.refund', true)
  await app.site.permissions.reload(db)
  const parts = { permissions: app.site.permissions }
  const actor = {
    ...boss,
    roles: ['admin', 'member'],
    permissions: parts.permissions.of(['admin', 'member']),
  }
  assert.is(isAbove(parts, actor, ['clerk']), false)
  assert.is(isAbove(parts, { ...actor, roles: ['admin', 'clerk', 'member'] }, ['clerk']), true)
  assert.is(isAbove(parts, null, ['owner']), true)
})

test.run()
