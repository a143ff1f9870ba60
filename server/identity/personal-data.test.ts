import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import { admin, identity } from '#contract'
import * as chat from '#plugins/chat'
import * as live from '#plugins/live'
import { bundledPlugins } from '../../plugins/index.ts'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { type FakeClock, fakeClock } from '../../test/kit/clock.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { dumpOf } from '../../test/kit/dump.ts'
import { unzip } from '../../test/kit/unzip.ts'
import { newId } from '../sdk/index.ts'
import { hashPassword } from './passwords.ts'

interface Context {
  app: TestApp
  clock: FakeClock
}
type DataTest = Test<Context>
const password = 'correct horse battery'
const hourMs = 3_600_000
const dayMs = 24 * hourMs
let people = 0
let passwordHash = ''

for (const kind of databaseKinds) {
  const test = suite<Context>(`personal data on ${kind}`)
  test.before(async (context) => {
    context.clock = fakeClock(new Date())
    context.app = await testApp({ kind, clock: context.clock, plugins: bundledPlugins })
    passwordHash ||= await hashPassword(password)
    // The label's own, so that others may go.
    await context.app.addAccount({ roles: ['owner'] })
  })
  test.after(({ app }) => app.close())
  testExport(test)
  testLeaving(test)
  testForgetting(test)
  test.run()
}

/** Somebody who has left traces everywhere, each with the word `canary<n>`. */
async function somebody(
  { app, clock }: Context,
  roles = ['artist'],
): Promise<TestAccount & { word: string }> {
  const word = `canary${++people}x`
  const account = await app.addAccount({ roles, username: word })
  const { db } = app.site.database
  const at = clock.now().toISOString()
  const { id } = account
  const { keyring, storage } = app.site
  await storage.write(`avatars/${id}/768.webp`, Buffer.from(`picture of ${word}`))
  await db('accounts')
    .where({ id })
    .update({
      displayName: `${word} Display`,
      passwordHash,
      timeZone: 'Europe/Paris',
      avatarKey: `avatars/${id}`,
    })
  await db('former_usernames').insert({ username: `old-${word}`, accountId: id, changedAt: at })
  await db('former_emails').insert({ email: `old-${word}@people.test`, accountId: id, keptUntil: '2999' })
  await db('totp_secrets').insert({
    accountId: id,
    secret: keyring.seal(`seed ${word}`, `totp_secrets.secret/${id}`),
    createdAt: at,
  })
  await db('recovery_codes').insert({ accountId: id, codeHash: `hash-${word}` })
  await db('passkeys').insert({
    id: newId(),
    accountId: id,
    credentialId: `credential-${word}`,
    publicKey: `key-${word}`,
    signCount: 0,
    transportsJson: '[]',
    name: `Phone of ${word}`,
    createdAt: at,
  })
  await db('app_passwords').insert({
    id: newId(),
    accountId: id,
    name: `Player of ${word}`,
    scopesJson: '["listen"]',
    secret: keyring.seal(`secret-${word}`, 'x'),
    createdAt: at,
  })
  await db('external_identities').insert({
    id: newId(),
    accountId: id,
    provider: 'club',
    issuer: 'https://club.test',
    subject: `subject-${word}`,
    email: `${word}@club.test`,
    createdAt: at,
  })
  await db('tickets').insert({
    hash: `ticket-${word}`,
    purpose: 'reset',
    accountId: id,
    payloadJson: JSON.stringify({ email: account.email }),
    createdAt: at,
    expiresAt: '2999',
  })
  await db('consents').insert({
    id: newId(),
    accountId: id,
    kind: 'terms',
    version: '1',
    givenAt: at,
    address: '192.0.2.77',
  })
  await db('invitations').insert({
    id: newId(),
    tokenHash: `invitation-${id}`,
    role: 'member',
    note: 'A friend',
    maxUses: 1,
    createdBy: id,
    createdByName: word,
    createdAt: at,
  })
  for (const to of [account.email, `old-${word}@people.test`])
    await db.tx((tx) => app.site.mail.send(tx, { to, subject: 'Hello', text: `Dear ${word}` }))
  await app.as(account).call(chat.postMessage, { params: { slug: 'general' }, body: { text: `Said by me` } })
  return { ...account, word }
}

const exportsOf = async (app: TestApp, account: TestAccount) =>
  (await app.as(account).call(identity.listExports)).body.items
const get = (app: TestApp, url: string) => app.request(url.replace(/^https?:\/\/[^/]+/, ''))
const rowOf = ({ site }: TestApp, id: string) => site.database.db('accounts').where({ id }).first()

/** Runs a job of the clock now. */
async function runJob({ app, clock }: Context, name: string): Promise<void> {
  const now = clock.now().toISOString()
  const job = {
    id: newId(),
    name,
    payloadJson: '{}',
    state: 'waiting',
    priority: 0,
    attempts: 0,
    maxAttempts: 1,
  }
  await app.site.database.db('jobs').insert({ ...job, runAt: now, createdAt: now })
  await app.jobs.drain()
  assert.is((await app.jobs.get(job.id)).state, 'done')
}

function testExport(test: DataTest) {
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
    clock.advance(7 * dayMs)
    await runJob(context, 'server.expire-exports')
    assert.is(await app.site.storage.size(storageKey), null)
    const { state } = await db('data_exports').where({ accountId: me.id }).first()
    assert.is(state, 'expired')
  })
}

function testLeaving(test: DataTest) {
  const leave = (app: TestApp, me: TestAccount, body: { username: string; password?: string }) =>
    app.as(me).call(identity.deleteAccount, { body })

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

function testForgetting(test: DataTest) {
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

  const leave = (app: TestApp, me: TestAccount, body: { username: string; password?: string }) =>
    app.as(me).call(identity.deleteAccount, { body })
}
