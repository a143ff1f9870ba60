import { Secret } from 'otpauth'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { identity } from '#contract'
import { testApp } from '../../test/kit/app.ts'
import { fakeClock } from '../../test/kit/clock.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import {
  actionsOf,
  codeOf,
  finish,
  password,
  person,
  type Turned,
  ticketOf,
  wasTold,
  withTotp,
} from '../../test/kit/factors.ts'
import { insertRole } from './roles.ts'

for (const kind of databaseKinds) {
  const test = suite<Turned>(`authenticator apps on ${kind}`)
  test.before(async (context) => {
    context.clock = fakeClock(new Date())
    context.app = await testApp({ kind, plugins: [], clock: context.clock })
  })
  test.before.each(({ clock }) => clock.advance(61_000))
  test.after(({ app }) => app.close())

  test('neither seed nor recovery codes can be read from the database [SEC-09]', async (context) => {
    const { db } = context.app.site.database
    const account = await person(context)
    const { secret, recoveryCodes } = await withTotp(context, account)
    const dump = JSON.stringify([
      await db('totp_secrets'),
      await db('recovery_codes'),
      await db('tickets'),
      await db('audit_entries'),
      await db('mail_outbox'),
    ])
    assert.match(dump, account.id)
    const hex = Secret.fromBase32(secret).hex
    for (const text of [
      secret,
      hex,
      ...recoveryCodes,
      ...recoveryCodes.map((one) => one.replaceAll('-', '')),
    ])
      assert.is(dump.toLowerCase().includes(text.toLowerCase()), false, text)
    const row = await db('totp_secrets').where({ accountId: account.id }).first()
    const { keyring } = context.app.site
    assert.is(keyring.open(row.secret, `totp_secrets.secret/${account.id}`), secret)
    assert.throws(() => keyring.open(row.secret, 'totp_secrets.secret/another'))
  })

  test('an app is set up after a recent proof, one at a time, by a right code [AUTH-08]', async (context) => {
    const { app, clock } = context
    const account = await person(context)
    const me = app.as(account)
    const confirm = (code: string) => me.call(identity.confirmTotp, { body: { code } })
    assert.is((await confirm('123456')).problem, 'identity.no-totp')
    const first = (await me.call(identity.enrolTotp)).body
    const second = (await me.call(identity.enrolTotp)).body
    assert.is.not(first.secret, second.secret)
    assert.is((await confirm(codeOf(first.secret, context))).problem, 'identity.wrong-code')
    assert.is((await confirm('12345')).status, 422)
    const before = await me.call(identity.getFactors)
    assert.equal([before.body.hasTotp, before.body.hasPassword], [false, true])
    assert.is((await app.call(identity.login, { body: { login: account.username, password } })).status, 200)
    assert.is((await confirm(codeOf(second.secret, context))).status, 200)
    assert.is((await me.call(identity.enrolTotp)).problem, 'identity.totp-on')
    assert.is((await confirm(codeOf(second.secret, context, 1))).problem, 'identity.totp-on')
    const after = (await me.call(identity.getFactors)).body
    assert.equal([after.hasTotp, after.recoveryCodesLeft], [true, 10])
    // The token runs out meanwhile; the cookie's session is the same.
    clock.advance(16 * 60_000)
    const { accessToken } = await app.site.tokens.sign({
      accountId: account.id,
      sessionId: account.sessionId,
    })
    const later = app.as({ ...account, accessToken })
    assert.is((await later.call(identity.newRecoveryCodes)).problem, 'identity.confirm-needed')
    assert.is(
      (await later.call(identity.confirmIdentity, { body: { password: 'another password' } })).problem,
      'identity.wrong-credentials',
    )
    assert.is((await later.call(identity.confirmIdentity, { body: {} })).problem, 'invalid-input')
    assert.is((await later.call(identity.confirmIdentity, { body: { password } })).status, 204)
    const made = await later.call(identity.newRecoveryCodes)
    assert.is(made.body.recoveryCodes.length, 10)
    const [told] = (await later.call(identity.listSecurityEvents)).body.items
    assert.is(told?.action, 'recovery-code.made', 'the holder reads it among what happened')
    for (const route of [identity.enrolTotp, identity.newRecoveryCodes, identity.getFactors])
      assert.is((await app.callRaw(route as never)).problem, 'not-signed-in')
  })

  test('switching it off takes the password or a code, and tells its holder', async (context) => {
    const { app } = context
    const account = await person(context)
    const me = app.as(account)
    const off = (body: { password?: string; code?: string }) => me.call(identity.disableTotp, { body })
    assert.is((await off({ password })).problem, 'identity.no-totp')
    const { secret } = await withTotp(context, account)
    assert.is((await off({})).problem, 'invalid-input')
    assert.is((await off({ password: 'another password' })).problem, 'identity.wrong-credentials')
    assert.is((await off({ code: codeOf(secret, context, 5) })).problem, 'identity.wrong-code')
    assert.is((await off({ code: codeOf(secret, context) })).status, 204)
    assert.is((await app.call(identity.login, { body: { login: account.username, password } })).status, 200)
    const { recoveryCodesLeft, hasTotp } = (await me.call(identity.getFactors)).body
    assert.equal([recoveryCodesLeft, hasTotp], [0, false])
    await withTotp(context, account)
    assert.is((await off({ password })).status, 204)
    assert.equal(
      (await actionsOf(context, account.id)).filter((one) => one.startsWith('totp.')),
      ['begun', 'confirmed', 'refused', 'disabled', 'begun', 'confirmed', 'disabled'].map(
        (one) => `totp.${one}`,
      ),
    )
    assert.is(await wasTold(context, account, 'Two-factor sign-in is off'), 2)
  })

  test('a session from before the app cannot change factors by password alone [AUTH-08]', async (context) => {
    const { app } = context
    const account = await person(context)
    const older = await app.call(identity.login, { body: { login: account.username, password } })
    const thief = app.as({ ...account, ...older.body })
    const { secret } = await withTotp(context, account)
    const refused = await thief.call(identity.newRecoveryCodes)
    assert.is(refused.problem, 'identity.confirm-needed')
    assert.equal((refused.body as unknown as identity.SecondFactorTicket).methods, ['totp', 'recovery'])
    assert.is(
      (await thief.call(identity.disableTotp, { body: { password } })).problem,
      'identity.confirm-needed',
    )
    assert.is((await thief.call(identity.passkeyCreation)).problem, 'identity.confirm-needed')
    const linked = { params: { id: account.id } }
    assert.is((await thief.call(identity.unlinkIdentity, linked)).problem, 'identity.confirm-needed')
    assert.is((await thief.call(identity.confirmIdentity, { body: { password } })).status, 204)
    assert.is((await thief.call(identity.newRecoveryCodes)).problem, 'identity.confirm-needed')
    const code = codeOf(secret, context)
    assert.is((await thief.call(identity.confirmIdentity, { body: { code } })).status, 204)
    assert.is((await thief.call(identity.newRecoveryCodes)).status, 200)
  })

  test('a role that needs two factors allows nothing in a session with one [SEC-13]', async (context) => {
    const { app } = context
    const { db } = app.site.database
    const account = await person(context, ['admin', 'member'])
    const me = app.as(account)
    const before = (await me.call(identity.me)).body
    assert.ok(before.permissions.includes('identity.read-audit'))
    const role = { name: 'admin', title: 'Admin', isBuiltIn: true, needsSecondFactor: true }
    await insertRole(db, role)
    await app.site.permissions.reload(db)
    const limited = (await me.call(identity.me)).body
    assert.equal([[...limited.permissions], limited.needsSecondFactor], [[], true])
    assert.equal((await me.call(identity.getFactors)).body.neededBy, ['admin'])
    const { secret } = await withTotp(context, account)
    const after = (await me.call(identity.me)).body
    assert.equal([after.permissions, after.needsSecondFactor], [before.permissions, false])
    const { ticket } = await ticketOf(context, account)
    const signedIn = (await finish(context, ticket, codeOf(secret, context))).body
    assert.equal(
      [signedIn.account.permissions, signedIn.account.needsSecondFactor],
      [before.permissions, false],
    )
    await db('roles').where({ name: 'admin' }).delete()
    await app.site.permissions.reload(db)
  })

  test.run()
}
