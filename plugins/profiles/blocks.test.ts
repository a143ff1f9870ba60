import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { definePlugin } from '#sdk'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import * as contract from './contract.ts'
import profiles from './index.ts'

interface Context {
  app: TestApp
  ana: TestAccount
  ben: TestAccount
}

/** What another plugin is answered, and hears. */
let api: contract.ProfilesApi
const heard: { accountId: string; otherId: string }[] = []
const listener = definePlugin({
  name: 'listener',
  version: '0.1.0',
  title: 'Listener',
  needs: { profiles: contract.profiles },
  setup(ctx) {
    api = ctx.needs.profiles
    ctx.events.on(contract.blocksChanged, 'listener.note', async (event) => {
      heard.push(event)
    })
  },
})
const at = ({ username }: { username: string }) => ({ params: { username } })

for (const kind of databaseKinds) {
  const test = suite<Context>(`blocks and mutes on ${kind}`)
  test.before(async (context) => {
    context.app = await testApp({ plugins: [profiles, listener], kind })
  })
  test.before.each(async (context) => {
    context.ana = await context.app.addAccount()
    context.ben = await context.app.addAccount()
  })
  test.after(({ app }) => app.close())

  test('a block works both ways for lists, and hides the profile from the blocked one [PROF-09]', async ({
    app,
    ana,
    ben,
  }) => {
    assert.is((await app.as(ana).call(contract.blockMember, at(ben))).status, 204)
    assert.equal([...(await api.hiddenFrom(ana.id))], [ben.id])
    assert.equal([...(await api.hiddenFrom(ben.id))], [ana.id])
    assert.equal([await api.isBlocked(ana.id, ben.id), await api.isBlocked(ben.id, ana.id)], [true, true])
    assert.is((await app.as(ben).call(contract.getProfile, at(ana))).status, 404)
    const { body } = await app.as(ana).call(contract.getProfile, at(ben))
    assert.equal([body.blockedByMe, body.mutedByMe, body.can.block], [true, false, true])
    assert.is((await app.as(ana).call(contract.unblockMember, at(ben))).status, 204)
    assert.is((await api.hiddenFrom(ana.id)).size + (await api.hiddenFrom(ben.id)).size, 0)
    assert.is((await app.as(ben).call(contract.getProfile, at(ana))).status, 200)
  })

  test('the blocked one can block back, though the other cannot be seen [PROF-09]', async ({
    app,
    ana,
    ben,
  }) => {
    await app.as(ana).call(contract.blockMember, at(ben))
    assert.is((await app.as(ben).call(contract.blockMember, at(ana))).status, 204)
    await app.as(ana).call(contract.unblockMember, at(ben))
    assert.ok(await api.isBlocked(ana.id, ben.id))
  })

  test('who is muted does not learn of it [PROF-09]', async ({ app, ana, ben }) => {
    await app.as(ana).call(contract.muteMember, at(ben))
    assert.equal([...(await api.hiddenFrom(ana.id))], [ben.id])
    assert.equal([...(await api.hiddenFrom(ben.id))], [])
    assert.is(await api.isBlocked(ana.id, ben.id), false)
    const { status, body } = await app.as(ben).call(contract.getProfile, at(ana))
    assert.equal([status, body.mutedByMe], [200, false])
    assert.is((await app.as(ana).call(contract.getProfile, at(ben))).body.mutedByMe, true)
    await app.as(ana).call(contract.unmuteMember, at(ben))
    assert.is((await api.hiddenFrom(ana.id)).size, 0)
  })

  test('twice is as once; each change is heard and audited once [PROF-09]', async ({ app, ana, ben }) => {
    await app.jobs.drain()
    heard.length = 0
    for (const route of [contract.blockMember, contract.unblockMember])
      for (let i = 0; i < 2; i++) assert.is((await app.as(ana).call(route, at(ben))).status, 204)
    await app.jobs.drain()
    assert.equal(heard, [
      { accountId: ana.id, otherId: ben.id },
      { accountId: ana.id, otherId: ben.id },
    ])
    const audited: { action: string }[] = await app.site.database
      .db('audit_entries')
      .where({ subject: ben.id })
      .orderBy('id')
    assert.equal(
      audited.map(({ action }) => action),
      ['profiles.member-blocked', 'profiles.member-unblocked'],
    )
  })

  test('lists whom one blocks and mutes, newest first and by pages [PROF-09]', async ({ app, ana, ben }) => {
    const cat = await app.addAccount()
    await app.as(ana).call(contract.blockMember, at(ben))
    await app.as(ana).call(contract.muteMember, at(ben))
    await app.as(ana).call(contract.muteMember, at(cat))
    const lines = (items: contract.Block[]) => items.map(({ kind, person }) => `${kind} ${person.username}`)
    const { body: page } = await app.as(ana).call(contract.listBlocks, { query: { limit: 2 } })
    assert.equal(lines(page.items), [`mute ${cat.username}`, `mute ${ben.username}`])
    const { body: rest } = await app.as(ana).call(contract.listBlocks, { query: { after: page.next! } })
    assert.equal([lines(rest.items), rest.next], [[`block ${ben.username}`], null])
    assert.equal((await app.as(ben).call(contract.listBlocks)).body.items, [])
    for (const query of [{ after: 'x' }, { limit: '0' }])
      assert.is(
        (await app.as(ana).callRaw(contract.listBlocks as never, { query: query as never })).status,
        422,
      )
  })

  test('refuses strangers, oneself and more people than can be', async ({ app, ana, ben }) => {
    const routes = [contract.blockMember, contract.unblockMember, contract.muteMember, contract.unmuteMember]
    for (const route of routes) assert.is((await app.call(route, at(ben))).status, 401)
    for (const route of [contract.blockMember, contract.muteMember])
      assert.is((await app.as(ana).call(route, at(ana))).problem, 'profiles.yourself')
    const { db } = app.site.database
    const many = Array.from({ length: 1000 }, () => ({
      id: crypto.randomUUID(),
      accountId: ana.id,
      otherId: crypto.randomUUID(),
      kind: 'mute',
      createdAt: new Date().toISOString(),
    }))
    for (let i = 0; i < 1000; i += 100) await db('profiles_blocks').insert(many.slice(i, i + 100))
    assert.is((await app.as(ana).call(contract.muteMember, at(ben))).problem, 'profiles.too-many-blocks')
    assert.is((await api.hiddenFrom(ana.id)).has(ben.id), false)
    assert.is((await api.hiddenFrom(ana.id)).size, 1000)
  })

  test.run()
}
