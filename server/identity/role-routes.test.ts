import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { admin, identity, type Route } from '#contract'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { eventually } from '../../test/kit/wait.ts'

for (const kind of databaseKinds) {
  const test = suite<{ app: TestApp; owner: TestAccount }>(`roles made of permissions, ${kind}`)
  test.before(async (context) => {
    context.app = await testApp({ kind, plugins: [] })
    context.owner = await context.app.addAccount({ roles: ['owner'] })
  })
  test.after(({ app }) => app.close())

  test('shows the matrix of roles and permissions [AUTH-15]', async ({ app, owner }) => {
    const { body } = await app.as(owner).call(admin.listRoles)
    assert.equal(
      body.roles.map(({ name, accounts, isBuiltIn }) => [name, accounts, isBuiltIn]),
      [
        ['owner', 1, true],
        ['admin', 0, true],
        ['moderator', 0, true],
        ['artist', 0, true],
        ['member', 0, true],
        ['guest', 0, true],
      ],
    )
    const all = body.permissions.map(({ name }) => name)
    assert.equal(body.roles[0]?.permissions, all)
    assert.ok(all.includes('identity.invite') && all.includes('server.administer'))
    assert.is(body.roles[1]?.title, 'Admin')
  })

  test('a role of permissions works at once, is changed and removed [AUTH-15]', async ({ app, owner }) => {
    const client = app.as(owner)
    const member = await app.addAccount({ roles: ['member'] })
    const mine = async () => (await app.as(member).call(identity.me)).body.permissions
    const before = await mine()
    const made = await client.call(admin.createRole, {
      body: {
        name: 'label-clerk',
        title: 'Label clerk',
        permissions: ['identity.invite', 'identity.invite', 'identity.read-audit'],
        needsSecondFactor: false,
      },
    })
    assert.equal(made.body.permissions, ['identity.invite', 'identity.read-audit'])
    const params = { id: member.id }
    await client.call(admin.setAccountRoles, { params, body: { roles: ['member', 'label-clerk'] } })
    assert.equal(await mine(), [...before, 'identity.invite', 'identity.read-audit'].sort())
    const change = (body: object) =>
      client.callRaw(admin.updateRole as Route, { params: { name: 'label-clerk' }, body })
    await change({ allow: ['identity.ban-addresses'], deny: ['identity.read-audit'], title: 'Clerk' })
    assert.equal(await mine(), [...before, 'identity.ban-addresses', 'identity.invite'].sort())
    const listed = (await client.call(admin.listRoles)).body.roles.find(({ name }) => name === 'label-clerk')
    assert.equal([listed?.title, listed?.accounts, listed?.isBuiltIn], ['Clerk', 1, false])
    const invited = await client.call(admin.createInvitation, {
      body: { role: 'label-clerk', note: '', maxUses: 1, expiresInDays: null },
    })
    assert.is((await client.call(admin.removeRole, { params: { name: 'label-clerk' } })).status, 204)
    assert.equal(await mine(), before)
    const token = invited.body.url.split('invitation=')[1] ?? ''
    assert.is((await app.call(admin.lookAtInvitation, { body: { token } })).body.isGood, false)
  })

  test('of a role of the server only what differs is kept [AUTH-15]', async ({ app, owner }) => {
    const client = app.as(owner)
    const { db } = app.site.database
    const change = async (body: object) =>
      (await client.callRaw(admin.updateRole as Route, { params: { name: 'artist' }, body }))
        .body as admin.RoleView
    const before = (await client.call(admin.listRoles)).body.roles.find(({ name }) => name === 'artist')
    assert.is((await db('roles').where({ name: 'artist' })).length, 0)
    const given = await change({ allow: ['identity.invite'], needsSecondFactor: true })
    assert.equal([given.needsSecondFactor, given.permissions.includes('identity.invite')], [true, true])
    assert.is((await db('roles').where({ name: 'artist' })).length, 1)
    assert.equal(await change({ deny: ['identity.invite'], needsSecondFactor: false }), before)
    assert.is((await db('roles').where({ name: 'artist' })).length, 0)
  })

  test('a role that asks for two factors gives nothing to a session without [AUTH-15] [SEC-13]', async ({
    app,
    owner,
  }) => {
    const needs = (needsSecondFactor: boolean) =>
      app.as(owner).call(admin.updateRole, { params: { name: 'admin' }, body: { needsSecondFactor } })
    await needs(true)
    const weak = await app.addAccount({ roles: ['admin'] })
    const strong = await app.addAccount({ roles: ['admin'], methods: ['totp'] })
    assert.is((await app.as(weak).call(admin.listAccounts)).status, 403)
    assert.is((await app.as(strong).call(admin.listAccounts)).status, 200)
    await needs(false)
    assert.is((await app.as(weak).call(admin.listAccounts)).status, 200)
  })

  test('refuses what is not there, taken or not changeable, and names the nearest [AUTH-15]', async ({
    app,
    owner,
  }) => {
    const client = app.as(owner)
    const role = { name: 'writer', title: 'Writer', permissions: [] as string[], needsSecondFactor: false }
    const misspelt = await client.call(admin.createRole, {
      body: { ...role, permissions: ['identity.invite', 'identity.invte'] },
    })
    assert.is(misspelt.status, 422)
    const { errors } = misspelt.body as unknown as { errors: { pointer: string; message: string }[] }
    assert.equal(errors, [
      {
        pointer: '/permissions/1',
        message: 'There is no permission "identity.invte"; did you mean "identity.invite"?',
      },
    ])
    assert.is((await client.call(admin.createRole, { body: { ...role, name: 'admin' } })).problem, 'conflict')
    assert.is((await client.call(admin.createRole, { body: role })).status, 200)
    assert.is((await client.call(admin.createRole, { body: role })).problem, 'conflict')
    assert.is((await client.call(admin.createRole, { body: { ...role, name: 'No Name' } })).status, 422)
    const update = (name: string, body: object) =>
      client.callRaw(admin.updateRole as Route, { params: { name }, body })
    assert.is((await update('nobody', {})).status, 404)
    const both = { allow: ['identity.invite'], deny: ['identity.invite'] }
    assert.is((await update('writer', both)).status, 422)
    assert.is((await update('owner', { deny: ['identity.invite'] })).problem, 'identity.built-in-role')
    const remove = (name: string) => client.call(admin.removeRole, { params: { name } })
    assert.is((await remove('guest')).problem, 'identity.built-in-role')
    assert.is((await remove('nobody')).status, 404)
    const [entry] = await app.site.database
      .db('audit_entries')
      .where({ action: 'role.created' })
      .orderBy('id')
    assert.is(entry.actorId, owner.id)
  })

  test('only who may manage roles changes them; who may give them reads them [AUTH-15]', async ({ app }) => {
    const aide = await app.addAccount({ roles: ['admin'] })
    const member = await app.addAccount()
    const params = { name: 'guest' }
    assert.is((await app.as(aide).call(admin.listRoles)).status, 200)
    assert.is((await app.as(member).call(admin.listRoles)).status, 403)
    assert.is((await app.call(admin.listRoles)).status, 401)
    for (const route of [admin.createRole, admin.updateRole, admin.removeRole] as Route[]) {
      assert.is((await app.callRaw(route, { params })).status, 401)
      for (const who of [aide, member])
        assert.is((await app.as(who).callRaw(route, { params })).status, 403, route.path)
    }
  })

  test('another process on the same database knows the role at once [AUTH-15]', async ({ app, owner }) => {
    const environment = schemaOf(app)
    const other = await testApp({ kind, plugins: [], dataDir: app.dataDir, environment })
    const body = { name: 'afar', title: 'Afar', permissions: ['identity.invite'], needsSecondFactor: false }
    await app.as(owner).call(admin.createRole, { body })
    const member = await app.addAccount({ roles: ['afar'] })
    await eventually('the role in the other process', async () => {
      const { permissions } = (await other.as(member).call(identity.me)).body
      return permissions.includes('identity.invite')
    })
    await other.appliance.stop()
  })

  test.run()
}

/** Where a second appliance finds the first one's tables. */
function schemaOf({ site }: TestApp): Record<string, string> {
  const schema = site.database.target.schema?.replace(/_site_main$/, '')
  return schema ? { VEZA_DATABASE_SCHEMA: schema } : {}
}
