import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import { admin, identity } from '#contract'
import * as chat from '#plugins/chat'
import * as live from '#plugins/live'
import { bundledPlugins } from '../../plugins/index.ts'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { fakeClock } from '../../test/kit/clock.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { dumpOf } from '../../test/kit/dump.ts'
import { type Context, password, runJob, somebody } from './testdata/traces.ts'

type LeavingTest = Test<Context>
const dayMs = 24 * 3_600_000

for (const kind of databaseKinds) {
  const test = suite<Context>(`leaving on ${kind}`)
  test.before(async (context) => {
    context.clock = fakeClock(new Date())
    context.app = await testApp({ kind, clock: context.clock, plugins: bundledPlugins })
    // The label's own, so that others may go.
    await context.app.addAccount({ roles: ['owner'] })
  })
  test.after(({ app }) => app.close())
  testLeaving(test)
  testForgetting(test)
  test.run()
}

const rowOf = ({ site }: TestApp, id: string) => site.database.db('accounts').where({ id }).first()

const leave = (app: TestApp, me: TestAccount, body: { username: string; password?: string }) =>
  app.as(me).call(identity.deleteAccount, { body })

function testLeaving(test: LeavingTest) {
  test('leaving asks for the name and the password, and ends every session [PROF-10] [SEC-02]', async (context) => {
    const { app, clock } = context
    const me = await somebody(context)
    const wrong = await leave(app, me, { username: 'somebody', password })
    assert.equal([wrong.status, wrong.problem], [422, 'invalid-input'])
    assert.is((await leave(app, me, { username: me.username, password: 'wrong password' })).status, 401)
    clock.advance(16 * 60_000)
    const old = {
      ...me,
      accessToken: (await app.site.tokens.sign({ accountId: me.id, sessionId: me.sessionId })).accessToken,
    }
    assert.is((await leave(app, old, { username: me.username })).problem, 'identity.confirm-needed')
    const { status, body } = await leave(app, old, { username: me.username, password })
    assert.equal([status, body.deletedAt], [200, new Date(clock.now().getTime() + 14 * dayMs).toISOString()])
    assert.is((await app.as(old).call(identity.me)).status, 401)
    assert.is((await rowOf(app, me.id)).status, 'leaving')
    const mail = (await app.inbox()).find(({ toAddress }) => toAddress === me.email)
    assert.match(mail?.text ?? '', `will be deleted on ${body.deletedAt.slice(0, 10)}`)
  })

  test('signing in within the two weeks keeps the account [PROF-10]', async (context) => {
    const { app, clock } = context
    const me = await somebody(context)
    await app.site.database.db('totp_secrets').where({ accountId: me.id }).delete()
    await app.site.database.db('passkeys').where({ accountId: me.id }).delete()
    assert.is((await leave(app, me, { username: me.username, password })).status, 200)
    clock.advance(13 * dayMs)
    await runJob(context, 'server.delete-leaving')
    const back = await app.call(identity.login, { body: { login: me.username, password } })
    assert.is(back.status, 200, JSON.stringify(back.body))
    clock.advance(2 * dayMs)
    await runJob(context, 'server.delete-leaving')
    const { status, email, leavesAt } = await rowOf(app, me.id)
    assert.equal([status, email, leavesAt], ['active', me.email, null])
  })

  test('the last owner stays, also where the others go meanwhile [PROF-10]', async () => {
    const clock = fakeClock(new Date())
    const app = await testApp({ plugins: [], clock })
    const boss = await app.addAccount({ roles: ['owner'] })
    const refused = await leave(app, boss, { username: boss.username })
    assert.equal([refused.status, refused.problem], [409, 'identity.last-owner'])
    const other = await app.addAccount({ roles: ['owner'] })
    const both = await Promise.all([boss, other].map((me) => leave(app, me, { username: me.username })))
    assert.equal(both.map(({ status }) => status).sort(), [200, 409])
    await app.site.database.db('accounts').update({ status: 'leaving', leavesAt: clock.now().toISOString() })
    await runJob({ app, clock }, 'server.delete-leaving')
    const rows: { status: string }[] = await app.site.database.db('accounts').select('status')
    assert.equal(rows.map(({ status }) => status).sort(), ['active', 'deleted'])
    await app.close()
  })
}

function testForgetting(test: LeavingTest) {
  test('of a deleted account nothing is left but the audit log, and what it said has no author [PROF-10] [SEC-02]', async (context) => {
    const { app, clock } = context
    const { db } = app.site.database
    const me = await somebody(context)
    const slug = `stage-${me.word}`
    await app.as(me).call(live.createChannel, { body: { slug, title: 'Stage', description: '' } })
    const key = await app.as(me).call(live.createKey, { params: { slug } })
    assert.is(key.status, 201)
    const mod = await app.addAccount({ roles: ['moderator'] })
    const ban = { accountId: me.id, reason: `rude ${me.word}` }
    assert.ok(
      (await app.as(mod).call(chat.banMember, { params: { slug: 'general' }, body: ban })).status < 300,
    )
    await app.as(me).call(identity.exportData)
    await app.jobs.drain()
    const { storageKey } = await db('data_exports').where({ accountId: me.id }).first()
    assert.is((await leave(app, me, { username: me.username, password })).status, 200)
    clock.advance(14 * dayMs)
    await runJob(context, 'server.delete-leaving')

    const row = await rowOf(app, me.id)
    assert.equal(
      [row.status, row.displayName, row.email, row.avatarKey],
      ['deleted', 'Deleted account', `deleted-${me.id}@invalid`, null],
    )
    assert.match(row.username, /^deleted-[a-z0-9]{8}$/)
    // Addresses of the channel are the label's now.
    const kept = (await dumpOf(app.site.database, ['audit_entries'])).replaceAll(slug, '')
    assert.not.match(kept, me.word)
    const consent = await db('consents').where({ accountId: me.id }).first()
    assert.equal([consent.kind, consent.address], ['terms', ''])
    for (const file of [storageKey, `avatars/${me.id}/768.webp`])
      assert.is(await app.site.storage.size(file), null, file)
    const entry = await db('audit_entries').where({ action: 'account.deleted', subject: me.id }).first()
    assert.is(entry.actorName, me.username)
    assert.not.match(JSON.stringify(await db('audit_entries')), me.email)

    const channel = await db('live_channels').where({ slug }).first()
    assert.is(channel.ownerId, null)
    assert.ok((await db('live_stream_keys').where({ channelId: channel.id }).first()).revokedAt)
    assert.equal(await db('chat_bans').where({ accountId: me.id }), [])
    clock.advance(60_000)
    const fresh = await app.restart()
    context.app = fresh
    const { body } = await fresh.call(chat.listMessages, { params: { slug: 'general' } })
    const mine = body.items.filter(({ text }) => text === 'Said by me')
    assert.ok(
      mine.some(({ author }) => author === null),
      'its words have no author',
    )
    // The name is free again.
    const next = await fresh.addAccount({ username: me.username })
    assert.is.not(next.id, me.id)
  })

  test('one who runs the label deletes at once [PROF-10]', async (context) => {
    const { app } = context
    const me = await somebody(context)
    const owner = app.as(await app.addAccount({ roles: ['owner'] }))
    const answer = await owner.call(admin.removeAccount, { params: { id: me.id } })
    assert.is(answer.status, 204, JSON.stringify(answer.body))
    await app.jobs.drain()
    assert.not.match(await dumpOf(app.site.database, ['audit_entries']), me.word)
    assert.is((await app.as(me).call(identity.me)).status, 401)
  })

  test('from where somebody agreed is kept for a year [SEC-02]', async (context) => {
    const { app, clock } = context
    const me = await somebody(context)
    const address = async () =>
      (await app.site.database.db('consents').where({ accountId: me.id }).first()).address
    await runJob(context, 'server.forget-addresses')
    assert.is(await address(), '192.0.2.77')
    clock.advance(366 * dayMs)
    await runJob(context, 'server.forget-addresses')
    assert.is(await address(), '')
  })
}
