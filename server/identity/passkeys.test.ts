import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { identity } from '#contract'
import { type TestAccount, testApp } from '../../test/kit/app.ts'
import { Authenticator, type Twist } from '../../test/kit/authenticator.ts'
import { fakeClock } from '../../test/kit/clock.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { actionsOf, password, person, type Turned, ticketOf, wasTold } from '../../test/kit/factors.ts'
import { newId } from '../sdk/index.ts'
import { setPasswordHash } from './accounts.ts'
import { hashPassword } from './passwords.ts'
import { relyingPartyOf } from './relying-party.ts'
import { removeWayIn, waysIn } from './ways-in.ts'

/** Adds a passkey to the account, as its settings page does. */
async function addPasskey({ app }: Turned, account: TestAccount, key = new Authenticator(), twist?: Twist) {
  const me = app.as(account)
  const { ticket, options } = (await me.call(identity.passkeyCreation)).body
  const response = key.create(options, twist)
  const added = await me.call(identity.addPasskey, { body: { ticket, response, name: 'Phone' } })
  return { key, ticket, options, response, added, id: added.body.id }
}

/** Signs in by it; with the ticket of a second factor, as the second step. */
async function signIn({ app }: Turned, key: Authenticator, twist?: Twist, secondFactor?: string) {
  const asked = (
    await app.call(identity.passkeyRequest, { body: secondFactor ? { ticket: secondFactor } : {} })
  ).body
  const body = { ticket: asked.ticket, response: key.get(asked.options, twist) }
  return { ...(await app.call(identity.passkeyLogin, { body })), sent: body, asked }
}

for (const kind of databaseKinds) {
  const test = suite<Turned>(`passkeys on ${kind}`)
  test.before(async (context) => {
    context.clock = fakeClock(new Date())
    context.app = await testApp({ kind, plugins: [], clock: context.clock })
  })
  test.before.each(({ clock }) => clock.advance(61_000))
  test.after(({ app }) => app.close())

  test('a passkey signs in alone and counts as two factors [AUTH-09]', async (context) => {
    const { app } = context
    const account = await app.addAccount()
    const { key, options, added, id } = await addPasskey(context, account)
    assert.is(added.status, 200, JSON.stringify(added.body))
    const { rp, user, authenticatorSelection } = options as Record<string, Record<string, unknown>>
    assert.equal([rp?.id, user?.name], ['main.test', account.username])
    assert.is(Buffer.from(String(user?.id), 'base64url').toString('hex'), account.id.replaceAll('-', ''))
    assert.equal(
      [authenticatorSelection?.residentKey, authenticatorSelection?.userVerification],
      ['required', 'required'],
    )
    const signedIn = await signIn(context, key)
    assert.is(signedIn.status, 200, JSON.stringify(signedIn.body))
    assert.is(signedIn.asked.options.allowCredentials, undefined, 'nobody is named')
    assert.match(signedIn.headers.get('set-cookie') ?? '', /veza_session=/)
    assert.is(signedIn.body.account.username, account.username)
    const me = app.as({ ...account, ...signedIn.body })
    const sessions = (await me.call(identity.listSessions)).body.items
    assert.equal(sessions.find(({ isCurrent }) => isCurrent)?.methods, ['passkey'])
    const { passkeys, hasPassword } = (await me.call(identity.getFactors)).body
    assert.equal(
      [passkeys.map((one) => [one.id, one.name]), hasPassword, typeof passkeys[0]?.usedAt],
      [[[id, 'Phone']], false, 'string'],
    )
    assert.is((await me.call(identity.newRecoveryCodes)).status, 200, 'a session of two factors')
    assert.is(await wasTold(context, account, 'New passkey'), 1)
  })

  test('a passkey is the second step for its own account only [AUTH-09]', async (context) => {
    const { app } = context
    const [account, other] = [await person(context), await person(context)]
    const [own, foreign] = [await addPasskey(context, account), await addPasskey(context, other)]
    const { ticket, methods } = await ticketOf(context, account)
    assert.equal(methods, ['passkey'])
    const refused = await signIn(context, foreign.key, undefined, ticket)
    assert.is(refused.problem, 'identity.bad-passkey')
    const asOwn = { userHandle: Buffer.from(account.id.replaceAll('-', ''), 'hex').toString('base64url') }
    assert.is((await signIn(context, foreign.key, asOwn, ticket)).problem, 'identity.bad-passkey')
    const signedIn = await signIn(context, own.key, { userHandle: null }, ticket)
    assert.is(signedIn.status, 200, JSON.stringify(signedIn.body))
    assert.equal(
      (signedIn.asked.options.allowCredentials as { id: string }[]).map(({ id }) => id),
      [own.key.id.toString('base64url')],
    )
    const sessions = await app.as({ ...account, ...signedIn.body }).call(identity.listSessions)
    assert.equal(sessions.body.items.find(({ isCurrent }) => isCurrent)?.methods, ['password', 'passkey'])
    for (const spent of [ticket, 'a'.repeat(32)])
      assert.is(
        (await app.call(identity.passkeyRequest, { body: { ticket: spent } })).problem,
        'identity.bad-ticket',
      )
  })

  test('a challenge is good once and for five minutes [AUTH-09]', async (context) => {
    const { app, clock } = context
    const account = await app.addAccount()
    const { key, ticket, response } = await addPasskey(context, account)
    const me = app.as(account)
    const replayed = await me.call(identity.addPasskey, { body: { ticket, response, name: 'Again' } })
    assert.is(replayed.problem, 'identity.bad-ticket')
    const { sent } = await signIn(context, key)
    assert.is((await app.call(identity.passkeyLogin, { body: sent })).problem, 'identity.bad-ticket')
    const { ticket: fresh } = (await app.call(identity.passkeyRequest, { body: {} })).body
    const old = { ticket: fresh, response: sent.response }
    assert.is((await app.call(identity.passkeyLogin, { body: old })).problem, 'identity.bad-passkey')
    const asked = (await app.call(identity.passkeyRequest, { body: {} })).body
    clock.advance(5 * 60_000)
    const late = { ticket: asked.ticket, response: key.get(asked.options) }
    assert.is((await app.call(identity.passkeyLogin, { body: late })).problem, 'identity.bad-ticket')
    const raced = (await app.call(identity.passkeyRequest, { body: {} })).body
    const body = { ticket: raced.ticket, response: key.get(raced.options) }
    const all = await Promise.all(Array.from({ length: 10 }, () => app.call(identity.passkeyLogin, { body })))
    assert.is(all.filter(({ status }) => status === 200).length, 1)
  })

  test('refuses an answer of another origin, party, challenge, holder, or without its holder [AUTH-09]', async (context) => {
    const { app } = context
    const [account, other] = [await app.addAccount(), await app.addAccount()]
    const { key } = await addPasskey(context, account)
    const handle = Buffer.from(other.id.replaceAll('-', ''), 'hex').toString('base64url')
    const wrong: Twist[] = [
      { origin: 'http://evil.test' },
      { origin: 'http://main.test.evil.test' },
      { origin: 'https://main.test' },
      { rpId: 'evil.test' },
      { challenge: 'AAAA' },
      { flags: 0x01 },
      { flags: 0x04 },
      { userHandle: handle },
      { userHandle: null },
    ]
    for (const twist of wrong) {
      const refused = await signIn(context, key, twist)
      assert.equal([refused.status, refused.problem], [401, 'identity.bad-passkey'], JSON.stringify(twist))
      assert.is(refused.headers.get('set-cookie'), null)
    }
    for (const response of [{}, { id: 1 }, { ...key.get({}), id: key.id.toString('hex') }]) {
      const { ticket } = (await app.call(identity.passkeyRequest, { body: {} })).body
      const refused = await app.call(identity.passkeyLogin, { body: { ticket, response } })
      assert.is(refused.problem, 'identity.bad-passkey')
    }
    const forger = new Authenticator()
    key.id.copy(forger.id)
    forger.create({ user: { id: Buffer.from(account.id.replaceAll('-', ''), 'hex').toString('base64url') } })
    assert.is((await signIn(context, forger, { signCount: 99 })).problem, 'identity.bad-passkey', 'other key')
    assert.is((await signIn(context, key)).status, 200)
    assert.is((await actionsOf(context, account.id)).includes('passkey.cloned'), false)
    for (const twist of [{ origin: 'http://evil.test' }, { rpId: 'evil.test' }, { flags: 0x41 }]) {
      const { added } = await addPasskey(context, account, new Authenticator(), twist)
      assert.is(added.problem, 'identity.bad-passkey', JSON.stringify(twist))
    }
  })

  test('a passkey whose counter goes back is refused, and its holder told [AUTH-09]', async (context) => {
    const { app } = context
    const account = await app.addAccount()
    const { key } = await addPasskey(context, account)
    assert.is((await signIn(context, key, { signCount: 7 })).status, 200)
    for (const signCount of [7, 3, 0])
      assert.is((await signIn(context, key, { signCount })).problem, 'identity.bad-passkey', `${signCount}`)
    assert.is((await actionsOf(context, account.id)).filter((one) => one === 'passkey.cloned').length, 3)
    assert.is(await wasTold(context, account, 'A passkey was refused'), 3)
    assert.is((await signIn(context, key, { signCount: 8 })).status, 200)
    const still = await app.addAccount()
    const { key: noCounter } = await addPasskey(context, still)
    for (let use = 0; use < 2; use++)
      assert.is((await signIn(context, noCounter, { signCount: 0 })).status, 200, 'has no counter')
  })

  test('a credential is kept once, and by a ticket of one’s own [AUTH-09]', async (context) => {
    const { app } = context
    const [account, other] = [await app.addAccount(), await app.addAccount()]
    const { key, id } = await addPasskey(context, account)
    assert.is((await addPasskey(context, other, key)).added.problem, 'identity.bad-passkey')
    const { ticket, options } = (await app.as(account).call(identity.passkeyCreation)).body
    assert.equal(
      (options.excludeCredentials as { id: string }[]).map((one) => one.id),
      [key.id.toString('base64url')],
    )
    const body = { ticket, response: new Authenticator().create(options), name: 'Stolen' }
    assert.is((await app.as(other).call(identity.addPasskey, { body })).problem, 'identity.bad-ticket')
    assert.is((await app.as(other).call(identity.removePasskey, { params: { id } })).status, 404)
    for (const name of ['', ' ', 'x'.repeat(61)])
      assert.is((await app.as(account).call(identity.addPasskey, { body: { ...body, name } })).status, 422)
    assert.is((await app.callRaw(identity.addPasskey as never, { body })).problem, 'not-signed-in')
    assert.is((await app.callRaw(identity.passkeyCreation as never)).problem, 'not-signed-in')
  })

  test('the last way into an account cannot be removed, not even by two removals at once [AUTH-09] [AUTH-06]', async (context) => {
    const { app } = context
    const { db } = app.site.database
    const account = await app.addAccount()
    const me = app.as(account)
    const one = await addPasskey(context, account)
    const remove = (id: string) => me.call(identity.removePasskey, { params: { id } })
    assert.is((await remove(one.id)).problem, 'identity.last-way-in')
    const two = await addPasskey(context, account)
    const both = await Promise.all([remove(one.id), remove(two.id)])
    assert.equal(both.map(({ status }) => status).sort(), [204, 409])
    assert.is(await waysIn(db, account.id), 1)
    assert.is((await remove(newId())).status, 404)
    await setPasswordHash(db, account.id, await hashPassword(password))
    const left = (await me.call(identity.getFactors)).body.passkeys[0]?.id ?? ''
    assert.is((await me.call(identity.newRecoveryCodes)).status, 200)
    assert.is((await remove(left)).status, 204)
    assert.is((await me.call(identity.getFactors)).body.recoveryCodesLeft, 0)
    assert.is((await app.call(identity.login, { body: { login: account.username, password } })).status, 200)
    const actions = (await actionsOf(context, account.id)).filter((action) => action.startsWith('passkey.'))
    assert.equal(actions, ['passkey.added', 'passkey.added', 'passkey.removed', 'passkey.removed'])
  })

  test('linked accounts of a provider that is on are ways in, too', async ({ app }) => {
    const { db } = app.site.database
    const { id: accountId } = await app.addAccount()
    assert.is(await waysIn(db, accountId), 0)
    const link = { issuer: 'https://issuer.test', subject: accountId, createdAt: new Date().toISOString() }
    await db('external_identities').insert({ id: newId(), accountId, provider: 'issuer', ...link })
    assert.is(await waysIn(db, accountId), 0)
    await db('identity_providers').insert({
      name: 'issuer',
      kind: 'oidc',
      title: 'Issuer',
      clientId: 'veza',
      isEnabled: true,
      createdAt: link.createdAt,
    })
    assert.is(await waysIn(db, accountId), 1)
    const unlink = removeWayIn(db, accountId, async (tx) => {
      return (await tx('external_identities').where({ accountId }).delete()) > 0
    })
    assert.is(
      await unlink.then(String, (error: { problem: { name: string } }) => error.problem.name),
      'identity.last-way-in',
    )
    await db('identity_providers').update({ isEnabled: false })
    assert.is(await waysIn(db, accountId), 0)
    await db('identity_providers').delete()
  })

  test('a passkey confirms who sits there', async (context) => {
    const { app, clock } = context
    const account = await app.addAccount()
    const { key } = await addPasskey(context, account)
    const { key: foreign } = await addPasskey(context, await app.addAccount())
    clock.advance(16 * 60_000)
    const { accessToken } = await app.site.tokens.sign({
      accountId: account.id,
      sessionId: account.sessionId,
    })
    const me = app.as({ ...account, accessToken })
    assert.is((await me.call(identity.passkeyCreation)).problem, 'identity.confirm-needed')
    const confirm = async (by: Authenticator) => {
      const { ticket, options } = (await app.call(identity.passkeyRequest, { body: {} })).body
      return me.call(identity.confirmIdentity, { body: { passkey: { ticket, response: by.get(options) } } })
    }
    assert.is((await confirm(foreign)).problem, 'identity.bad-passkey')
    assert.is((await me.call(identity.passkeyCreation)).problem, 'identity.confirm-needed')
    assert.is((await confirm(key)).status, 204)
    assert.is((await me.call(identity.passkeyCreation)).status, 200)
  })

  test('a suspended account is not signed in by its passkey', async (context) => {
    const { app } = context
    const account = await app.addAccount()
    const { key } = await addPasskey(context, account)
    await app.site.database.db('accounts').where({ id: account.id }).update({ status: 'suspended' })
    assert.is((await signIn(context, key)).problem, 'identity.suspended')
  })

  test.run()
}

const addresses = suite('relying parties')
addresses('passkeys belong to the host name of the site, on loopback to localhost', () => {
  assert.equal(relyingPartyOf('https://label.test'), { rpId: 'label.test', origin: 'https://label.test' })
  for (const host of ['127.0.0.1', '[::1]', 'localhost'])
    assert.equal(relyingPartyOf(`http://${host}:8080`), {
      rpId: 'localhost',
      origin: 'http://localhost:8080',
    })
})
addresses.run()
