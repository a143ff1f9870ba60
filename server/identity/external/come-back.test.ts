import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { identity, type Route } from '#contract'
import { databaseKinds } from '../../../test/kit/databases.ts'
import { browserAt } from './testdata/browser.ts'
import {
  boot,
  type Context,
  callback,
  close,
  goRound,
  openAccount,
  rowsOf,
  ticketIn,
} from './testdata/site-with-issuer.ts'

for (const kind of databaseKinds) {
  const test = suite<Context>(`coming back from a provider on ${kind}`)
  test.before((context) => boot(context, kind))
  test.before.each(({ clock }) => clock.advance(61_000))
  test.after(close)

  test('a return counts once, in time, in its browser, at its site and for its provider [AUTH-05]', async (context) => {
    const { app, clock, issuer } = context
    await openAccount(context, 'ian')
    const browser = browserAt(app)
    const back = async (leaving = browser) => issuer.signInAs('ian', await leaving.leave('label'))
    const bad = '/login?problem=identity.bad-ticket'
    const cut = async (change: (url: URL) => void) => {
      const url = await back()
      change(url)
      return browser.comeBack(url)
    }
    assert.is(await cut((url) => url.searchParams.delete('state')), bad)
    assert.is(await cut((url) => url.searchParams.set('state', 'A'.repeat(32))), bad)
    assert.is(await cut(() => clock.advance(10 * 60_000)), bad)
    assert.is(await cut((url) => (url.pathname = url.pathname.replace('label', 'twin'))), bad)
    // Somebody else’s return, in a browser that left as well, in one that never did.
    const elsewhere = browserAt(app)
    await elsewhere.leave('label')
    assert.is(await elsewhere.comeBack(await back()), bad)
    assert.is(await browserAt(app).comeBack(await back()), bad)
    const foreign = browserAt(app, { host: 'other.test' })
    const url = await back(foreign)
    foreign.jar.take(new Headers({ 'set-cookie': browser.jar.header.split('; ')[0] ?? '' }))
    browser.jar.take(new Headers({ 'set-cookie': foreign.jar.header.split('; ')[0] ?? '' }))
    assert.is(await browser.comeBack(url), bad)
    const good = await back()
    assert.is(await browser.who(), null)
    const both = await Promise.all([browser.comeBack(good), browser.comeBack(good)])
    assert.equal(both.sort(), ['/', bad])
    assert.is(await browser.who(), 'ian')
    assert.is(await browser.comeBack(good), bad)
  })

  test('an answer that is not the one asked for signs nobody in [AUTH-05]', async (context) => {
    const { app, issuer } = context
    await openAccount(context, 'jo')
    const browser = browserAt(app)
    const failed = '/login?problem=identity.provider-failed'
    const round = async (atIssuer: (url: URL) => void, atReturn: (url: URL) => void = () => {}) => {
      const out = new URL(await browser.leave('label'))
      atIssuer(out)
      const back = await issuer.signInAs('jo', out.href)
      atReturn(back)
      return browser.comeBack(back)
    }
    const nothing = () => {}
    assert.is(await round((url) => url.searchParams.set('nonce', 'another')), failed)
    assert.is(await round((url) => url.searchParams.set('code_challenge', 'x'.repeat(43))), failed)
    assert.is(
      await round(
        (url) => url.searchParams.set('redirect_uri', callback('main.test', 'twin')),
        (url) => {
          url.pathname = url.pathname.replace('twin', 'label')
        },
      ),
      failed,
    )
    assert.is(await round(nothing, (url) => url.searchParams.set('iss', 'https://evil.test')), failed)
    assert.is(await round(nothing, (url) => url.searchParams.delete('iss')), failed)
    assert.is(await round(nothing, (url) => url.searchParams.delete('code')), failed)
    assert.is(await round(nothing, (url) => url.searchParams.set('code', 'guessed')), failed)
    let code = ''
    const keep = (url: URL) => {
      code = url.searchParams.get('code') ?? ''
      url.searchParams.set('error', 'access_denied')
      url.searchParams.set('error_description', '<script>alert(1)</script>')
    }
    assert.is(await round(nothing, keep), failed)
    // A code that somebody caught is worth nothing in another sign-in.
    assert.is(await round(nothing, (url) => url.searchParams.set('code', code)), failed)
    assert.is(await browser.who(), null)
    assert.is(await round(nothing, (url) => url.searchParams.set('unknown', 'kept out')), '/')
  })

  test('a form that somebody else came to opens no account [AUTH-05]', async (context) => {
    const ticket = ticketIn(await goRound(context, browserAt(context.app), 'kim'))
    const victim = browserAt(context.app)
    const body = { ticket, username: 'kim' }
    assert.is(
      (await victim.call(identity.registerExternal as Route, { body })).problem,
      'identity.bad-ticket',
    )
    const look = await victim.call(identity.externalNewcomer as Route, { body: { ticket } })
    assert.is(look.problem, 'identity.bad-ticket')
  })

  test('what is asked of the issuer has a state, a nonce, PKCE and the exact return [AUTH-05]', async (context) => {
    const { app } = context
    const browser = browserAt(app)
    const response = await app.request('/api/v1/auth/external/label', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    assert.match(
      response.headers.get('set-cookie') ?? '',
      /^veza_external=[\w-]{32}; Path=\/; SameSite=Lax; HttpOnly; Max-Age=2700$/,
    )
    const asked = new URL(await browser.leave('label')).searchParams
    assert.equal(
      [asked.get('redirect_uri'), asked.get('code_challenge_method'), asked.get('response_type')],
      [callback('main.test'), 'S256', 'code'],
    )
    for (const [name, length] of [
      ['state', 32],
      ['nonce', 43],
      ['code_challenge', 43],
    ] as const)
      assert.is(asked.get(name)?.length, length, name)
    const stored = JSON.stringify(await rowsOf(app, 'tickets'))
    assert.not.match(stored, asked.get('state') ?? '')
    assert.not.match(stored, asked.get('nonce') ?? '')
    assert.is(
      await app
        .call(identity.startExternal, { params: { provider: 'none' }, body: { intent: 'sign-in' } })
        .then(({ status }) => status),
      404,
    )
  })

  test('nobody is sent elsewhere after signing in [AUTH-05]', async (context) => {
    await openAccount(context, 'lou')
    for (const next of ['//evil.test', 'https://evil.test/', '/\\evil.test', '/.//evil.test'])
      assert.is(await goRound(context, browserAt(context.app), 'lou', { next }), '/', next)
  })

  test.run()
}
