import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import { identity } from '#contract'
import * as live from '#plugins/live'
import { bundledPlugins } from '../../plugins/index.ts'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { fakeClock } from '../../test/kit/clock.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { unzip } from '../../test/kit/unzip.ts'
import { type Context, runJob, somebody } from './testdata/traces.ts'

const hourMs = 3_600_000

for (const kind of databaseKinds) {
  const test = suite<Context>(`archives of personal data on ${kind}`)
  test.before(async (context) => {
    context.clock = fakeClock(new Date())
    context.app = await testApp({ kind, clock: context.clock, plugins: bundledPlugins })
    // The label's own, so that others may go.
    await context.app.addAccount({ roles: ['owner'] })
  })
  test.after(({ app }) => app.close())
  testExport(test)
  test.run()
}

const exportsOf = async (app: TestApp, account: TestAccount) =>
  (await app.as(account).call(identity.listExports)).body.items
const get = (app: TestApp, url: string) => app.request(url.replace(/^https?:\/\/[^/]+/, ''))
function testExport(test: Test<Context>) {
  test('an archive holds everything about the account and no secret [PROF-10] [SEC-02]', async (context) => {
    const { app } = context
    const me = await somebody(context)
    const channel = await app.as(me).call(live.createChannel, {
      body: { slug: `room-${me.word}`, title: 'My room', description: '' },
    })
    assert.is(channel.status, 201)
    const [one, two] = await Promise.all([
      app.as(me).call(identity.exportData),
      app.as(me).call(identity.exportData),
    ])
    assert.equal([one.status, one.body.id], [200, two.body.id], 'one at a time')
    assert.equal(
      (await exportsOf(app, me)).map(({ state, url }) => [state, url]),
      [['waiting', null]],
    )
    await app.jobs.drain()
    const [made] = await exportsOf(app, me)
    assert.equal([made?.id, made?.state], [one.body.id, 'ready'])
    const answer = await get(app, made?.url ?? '')
    assert.equal([answer.status, answer.headers.get('content-disposition')], [200, 'attachment'])
    const archive = Buffer.from(await answer.arrayBuffer())
    assert.is(archive.length, made?.sizeBytes)
    const files = unzip(archive)
    const json = (name: string) => JSON.parse(files.get(name)?.toString() ?? 'null')
    for (const name of ['account', 'sessions', 'consents', 'audit', 'chat', 'live', 'profiles'])
      assert.ok(files.has(`${name}.json`), `${name} of ${[...files.keys()]}`)
    const account = json('account.json')
    assert.equal(
      [account.email, account.username, account.displayName, account.roles, account.timeZone],
      [me.email, me.username, `${me.word} Display`, ['artist'], 'Europe/Paris'],
    )
    assert.equal(
      [account.formerUsernames[0].username, account.passkeys[0].name, account.otherAccounts[0].email],
      [`old-${me.word}`, `Phone of ${me.word}`, `${me.word}@club.test`],
    )
    assert.is(json('sessions.json')[0].userAgent, 'test')
    assert.is(json('consents.json')[0].kind, 'terms')
    assert.ok(json('audit.json').some(({ action }: { action: string }) => action === 'account.export-asked'))
    assert.equal(
      json('chat.json').messages.map(({ room, text }: { room: string; text: string }) => [room, text]),
      [['general', 'Said by me']],
    )
    assert.is(json('live.json').channels[0].slug, `room-${me.word}`)
    const all = [...files.values()].map(String).join('\n')
    for (const secret of [
      'argon2',
      'hash-',
      'credential-',
      'key-canary',
      'secret-',
      'seed ',
      'k.',
      'ticket-',
    ])
      assert.not.match(all, new RegExp(secret.replace('.', '\\.[0-9a-f]{8}\\.')), secret)
    const mail = (await app.inbox()).find(({ toAddress }) => toAddress === me.email)
    assert.match(mail?.text ?? '', 'http://main.test/account/privacy')
  })

  test('an archive is for its account alone, for an hour a link, and for a week [PROF-10] [SEC-02]', async (context) => {
    const { app, clock } = context
    const me = await somebody(context)
    await app.as(me).call(identity.exportData)
    await app.jobs.drain()
    assert.equal(await exportsOf(app, await app.addAccount()), [])
    assert.is((await app.call(identity.exportData)).status, 401)
    const url = (await exportsOf(app, me))[0]?.url ?? ''
    clock.advance(hourMs + 60_000)
    assert.is((await get(app, url)).status, 403)
    const { db } = app.site.database
    const { storageKey } = await db('data_exports').where({ accountId: me.id }).first()
    clock.advance(7 * 24 * hourMs)
    const { accessToken } = await app.site.tokens.sign({ accountId: me.id, sessionId: me.sessionId })
    assert.equal(
      (await exportsOf(app, { ...me, accessToken })).map(({ state, url }) => [state, url]),
      [['expired', null]],
    )
    await runJob(context, 'server.expire-exports')
    assert.is(await app.site.storage.size(storageKey), null)
    const { state } = await db('data_exports').where({ accountId: me.id }).first()
    assert.is(state, 'expired')
  })
}
