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
  person,
  type Turned,
  ticketOf,
  wasTold,
  withTotp,
} from '../../test/kit/factors.ts'

const stepMs = 30_000

for (const kind of databaseKinds) {
  const test = suite<Turned>(`second factors on ${kind}`)
  test.before(async (context) => {
    context.clock = fakeClock(new Date())
    context.app = await testApp({ kind, plugins: [], clock: context.clock })
  })
  test.before.each(({ clock }) => clock.advance(61_000))
  test.after(({ app }) => app.close())

  test('once an app is set up, signing in asks for its code [AUTH-08]', async (context) => {
    const { app } = context
    const account = await person(context)
    const { secret, uri } = await withTotp(context, account)
    const { searchParams, pathname } = new URL(uri)
    assert.equal(
      [searchParams.get('secret'), searchParams.get('digits'), searchParams.get('period')],
      [secret, '6', '30'],
    )
    assert.ok(pathname.endsWith(`:${account.username}`), uri)
    assert.is(Secret.fromBase32(secret).bytes.length, 20)
    const { ticket, methods } = await ticketOf(context, account)
    assert.equal(methods, ['totp', 'recovery'])
    const code = codeOf(secret, context)
    const signedIn = await finish(context, ticket, `${code.slice(0, 3)} ${code.slice(3)}`)
    assert.is(signedIn.status, 200, JSON.stringify(signedIn.body))
    assert.match(signedIn.headers.get('set-cookie') ?? '', /veza_session=/)
    const sessions = await app.as({ ...account, ...signedIn.body }).call(identity.listSessions)
    assert.equal(sessions.body.items.find(({ isCurrent }) => isCurrent)?.methods, ['password', 'totp'])
    assert.is((await finish(context, ticket, codeOf(secret, context, 1))).problem, 'identity.bad-ticket')
    assert.is(await wasTold(context, account, 'Two-factor sign-in is on'), 1)
  })

  test('a code works once, one step early or late, and never two [AUTH-08] [AUTH-10]', async (context) => {
    const account = await person(context)
    const { secret } = await withTotp(context, account)
    const attempt = async (steps: number) => {
      context.clock.advance(20 * 60_000)
      const { ticket } = await ticketOf(context, account)
      return (await finish(context, ticket, codeOf(secret, context, steps))).problem
    }
    assert.equal(
      [await attempt(-2), await attempt(2), await attempt(-1), await attempt(0), await attempt(1)],
      ['identity.wrong-code', 'identity.wrong-code', null, null, null],
    )
    const code = codeOf(secret, context, 1)
    const { ticket } = await ticketOf(context, account)
    assert.is((await finish(context, ticket, code)).problem, 'identity.wrong-code', 'used already')
    assert.is(
      (await finish(context, ticket, codeOf(secret, context))).problem,
      'identity.wrong-code',
      'older',
    )
    context.clock.advance(stepMs)
    assert.is((await finish(context, ticket, code)).problem, 'identity.wrong-code', 'used in its own step')
    context.clock.advance(stepMs)
    assert.is((await finish(context, ticket, codeOf(secret, context))).status, 200)
  })

  test('the code that set the app up signs nobody in', async (context) => {
    const account = await person(context)
    const me = context.app.as(account)
    const { secret } = (await me.call(identity.enrolTotp)).body
    const code = codeOf(secret, context)
    assert.is((await me.call(identity.confirmTotp, { body: { code } })).status, 200)
    const { ticket } = await ticketOf(context, account)
    assert.is((await finish(context, ticket, code)).problem, 'identity.wrong-code')
  })

  test('of twenty uses of one code at once one passes [AUTH-08]', async (context) => {
    const account = await person(context)
    const { secret } = await withTotp(context, account)
    const tickets = [await ticketOf(context, account), await ticketOf(context, account)]
    const code = codeOf(secret, context)
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, at) => finish(context, tickets[at % 2]?.ticket ?? '', code)),
    )
    assert.is(all.filter(({ status }) => status === 200).length, 1)
    assert.is(all.filter(({ status }) => status === 401 || status === 429).length, 19)
  })

  test('of twenty uses of one recovery code at once one passes [AUTH-08]', async (context) => {
    const { app } = context
    const account = await person(context)
    const { recoveryCodes } = await withTotp(context, account)
    assert.is(new Set(recoveryCodes).size, 10)
    for (const code of recoveryCodes) assert.match(code, /^([0-9a-z]{4}-){3}[0-9a-z]{4}$/)
    const tickets = [await ticketOf(context, account), await ticketOf(context, account)]
    const [code = ''] = recoveryCodes
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, at) => finish(context, tickets[at % 2]?.ticket ?? '', code)),
    )
    assert.is(all.filter(({ status }) => status === 200).length, 1)
    assert.is(all.filter(({ status }) => status === 401 || status === 429).length, 19)
    const factors = await app.as(account).call(identity.getFactors)
    assert.is(factors.body.recoveryCodesLeft, 9)
    assert.is((await actionsOf(context, account.id)).filter((one) => one === 'recovery-code.used').length, 1)
    assert.is(await wasTold(context, account, 'A recovery code was used'), 1)
  })

  test('a ticket is spent by one answer, and the code of the other stays good', async (context) => {
    const account = await person(context)
    const { secret, recoveryCodes } = await withTotp(context, account)
    const [one = '', two = ''] = recoveryCodes
    const { ticket } = await ticketOf(context, account)
    const answers = await Promise.all([one, two].map((code) => finish(context, ticket, code)))
    assert.equal(answers.map(({ status }) => status).sort(), [200, 401])
    const unspent = answers[0]?.status === 200 ? two : one
    const next = await ticketOf(context, account)
    // As somebody copies it from paper.
    const copied = unspent.toUpperCase().replaceAll('-', ' ')
    assert.is((await finish(context, next.ticket, copied)).status, 200)
    const last = await ticketOf(context, account)
    assert.is((await finish(context, last.ticket, unspent)).problem, 'identity.wrong-code')
    assert.is((await finish(context, last.ticket, codeOf(secret, context))).status, 200)
  })

  test('a ticket bears five tries, then even the right code opens nothing [AUTH-08]', async (context) => {
    const { clock } = context
    const account = await person(context)
    const { secret } = await withTotp(context, account)
    const { ticket } = await ticketOf(context, account)
    for (let guess = 0; guess < 5; guess++) {
      assert.is((await finish(context, ticket, codeOf(secret, context, 9))).problem, 'identity.wrong-code')
      clock.advance(1000)
    }
    assert.is((await finish(context, ticket, codeOf(secret, context))).problem, 'identity.bad-ticket')
    const next = await ticketOf(context, account)
    const early = await finish(context, next.ticket, codeOf(secret, context))
    assert.is(early.problem, 'identity.slow-down')
    clock.advance(1000 * Number(early.headers.get('retry-after')))
    assert.is((await finish(context, next.ticket, codeOf(secret, context))).status, 200)
  })

  test('a thousand guesses end at dead tickets and growing waits, and the holder comes in after them [AUTH-08] [AUTH-10]', async (context) => {
    const { clock } = context
    const account = await person(context)
    const { secret } = await withTotp(context, account)
    const seen = new Map<string | null, number>()
    let ticket = (await ticketOf(context, account)).ticket
    for (let guess = 0; guess < 1000; guess++) {
      clock.advance(1500)
      const near = [-1, 0, 1].map((steps) => codeOf(secret, context, steps))
      const code = String(guess).padStart(6, '0')
      const { problem } = await finish(context, ticket, near.includes(code) ? '999999' : code)
      seen.set(problem, (seen.get(problem) ?? 0) + 1)
      if (problem === 'identity.bad-ticket') ticket = (await ticketOf(context, account)).ticket
    }
    assert.equal(
      [...seen.keys()].sort(),
      ['identity.bad-ticket', 'identity.slow-down', 'identity.wrong-code'],
      JSON.stringify([...seen]),
    )
    assert.ok((seen.get('identity.wrong-code') ?? 0) <= 16, JSON.stringify([...seen]))
    assert.ok((seen.get('identity.bad-ticket') ?? 0) <= 4, JSON.stringify([...seen]))
    clock.advance(15 * 60_000)
    const { ticket: own } = await ticketOf(context, account)
    assert.is((await finish(context, own, codeOf(secret, context))).status, 200)
    assert.ok((await actionsOf(context, account.id)).includes('totp.refused'))
  })

  test.run()
}
