import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { admin, identity, type Route } from '#contract'
import { type TestAccount, type TestApp, testApp } from '../../../test/kit/app.ts'
import { fakeClock } from '../../../test/kit/clock.ts'
import { databaseKinds } from '../../../test/kit/databases.ts'
import { type GithubLike, startGithub } from '../../../test/kit/github-like.ts'
import { type Issuer, startIssuer } from '../../../test/kit/oidc-issuer.ts'
import { browserAt } from './testdata/browser.ts'

interface Context {
  app: TestApp
  owner: TestAccount
  issuer: Issuer
  github: GithubLike
  canary: Server
  hits: string[]
}
const clock = fakeClock(new Date())
const secret = 'of-the-client-and-quite-long-0123456789'
const callback = (name: string) => `http://main.test/api/v1/auth/external/${name}/callback`
const wish = { kind: 'oidc' as const, title: 'The label', clientId: 'veza', isEnabled: true }

async function boot(context: Context, kind: 'sqlite' | 'postgres', allows: boolean): Promise<void> {
  const environment = { VEZA_SECURITY_ALLOW_PRIVATE_ISSUERS: String(allows) }
  context.app = await testApp({ kind, plugins: [], clock, environment })
  context.owner = await context.app.addAccount({ roles: ['owner'] })
  context.hits = []
  context.canary = createServer((req, res) => {
    context.hits.push(req.url ?? '')
    res.end('{}')
  })
  await new Promise<void>((done) => context.canary.listen(0, '127.0.0.1', done))
}
const at = ({ canary }: Context) => `http://127.0.0.1:${(canary.address() as AddressInfo).port}`
async function save({ app, owner }: Context, name: string, body: Record<string, unknown>) {
  clock.advance(1_000)
  const answer = await app
    .as(owner)
    .callRaw(admin.setProvider as Route, { params: { name }, body: { ...wish, ...body } })
  const { errors } = answer.body as { errors?: { pointer: string; message: string }[] }
  return { ...answer, body: answer.body as admin.ProviderSettings, error: errors?.[0] }
}
const newcomers = (place: string) => assert.match(place, /^\/register#external=[\w-]{32}$/)

const shut = suite<Context>('providers where private issuers are not allowed')
shut.before((context) => boot(context, 'sqlite', false))
shut.after(async ({ app, canary }) => {
  await app.close()
  canary.close()
})

shut('no issuer makes the server ask this machine or a private network [SEC-05]', async (context) => {
  const port = new URL(at(context)).port
  const hosts = ['127.0.0.1', 'localhost', '127.1', '2130706433', '[::1]', '[::ffff:127.0.0.1]', '10.0.0.1']
  for (const kind of ['oidc', 'google', 'github'])
    for (const host of hosts) {
      const issuer = `https://${host}:${port}`
      const { problem, error } = await save(context, 'inside', { kind, issuer, clientSecret: secret })
      assert.equal([problem, error?.pointer], ['identity.bad-issuer', '/issuer'], issuer)
      assert.match(error?.message ?? '', /private network/, issuer)
    }
  assert.equal(context.hits, [])
})

shut('an issuer that is none is refused in one sentence [AUTH-05]', async (context) => {
  const wrong: [issuer: string, sentence: RegExp][] = [
    ['http://login.example', /https:/],
    ['login.example', /no web address/],
    ['https://user@login.example', /without user name/],
    ['https://login.example/?x', /question mark/],
    ['https://login.example/.well-known/openid-configuration', /Leave out/],
    ['ftp://login.example', /https:/],
    ['https://login.example:22', /not asked/],
  ]
  for (const [issuer, sentence] of wrong) {
    const { status, error } = await save(context, 'label', { issuer })
    assert.is(status, 422, issuer)
    assert.match(error?.message ?? '', sentence, issuer)
  }
  assert.is((await save(context, 'label', { issuer: null })).error?.pointer, '/issuer')
  assert.is((await save(context, 'label', { kind: 'github' })).error?.pointer, '/clientSecret')
  for (const name of ['Label', '1label', 'la_bel', 'x'.repeat(31)])
    assert.is((await save(context, name, { issuer: 'https://login.example' })).status, 422, name)
  assert.equal(await context.app.site.database.db('identity_providers'), [])
})

shut('an issuer that moved inside after it was saved is not asked [SEC-05]', async (context) => {
  const { app, hits } = context
  const issuer = at(context)
  await save(context, 'moved', { issuer: 'https://login.example', isEnabled: false })
  await app.site.database
    .db('identity_providers')
    .where({ name: 'moved' })
    .update({
      issuer: issuer.replace('http:', 'https:'),
      isEnabled: true,
    })
  const body = { intent: 'sign-in' as const }
  const { problem } = await app.call(identity.startExternal, { params: { provider: 'moved' }, body })
  assert.is(problem, 'identity.provider-failed')
  assert.equal(hits, [])
})
shut.run()

for (const kind of databaseKinds) {
  const test = suite<Context>(`providers on ${kind}`)
  test.before(async (context) => {
    await boot(context, kind, true)
    const redirectUris = [callback('label'), callback('google')]
    context.issuer = await startIssuer({
      clients: [
        { id: 'veza', secret, redirectUris },
        { id: 'public', redirectUris },
      ],
    })
    context.github = await startGithub({ id: 'veza', secret, redirectUri: callback('github') })
  })
  // Hours go by between: tokens run out, and proofs of who sits there.
  test.before.each(async (context) => {
    context.owner = await context.app.addAccount({ roles: ['owner'] })
  })
  test.after(async ({ app, issuer, github, canary }) => {
    await app.close()
    await Promise.all([issuer.close(), github.close()])
    canary.close()
  })

  test('a provider is set, shown, switched off and removed; its secret never comes out [AUTH-05]', async (context) => {
    const { app, owner, issuer } = context
    const params = { name: 'label' }
    const saved = await save(context, 'label', { issuer: issuer.url, clientSecret: secret })
    assert.equal(saved.body, {
      ...wish,
      name: 'label',
      hasSecret: true,
      issuer: issuer.url,
      callbackUrl: callback('label'),
    })
    const { db } = app.site.database
    const row = await db('identity_providers').first()
    assert.not.match(JSON.stringify(row) + JSON.stringify(await db('audit_entries')), secret)
    const open = await app.call(identity.listProviders)
    assert.equal(open.body.items, [{ name: 'label', kind: 'oidc', title: 'The label' }])
    const off = await save(context, 'label', { issuer: issuer.url, title: 'Off', isEnabled: false })
    assert.equal([off.body.hasSecret, off.body.isEnabled], [true, false])
    assert.equal((await app.call(identity.listProviders)).body.items, [])
    const start = { params: { provider: 'label' }, body: { intent: 'sign-in' as const } }
    assert.is((await app.call(identity.startExternal, start)).status, 404)
    const list = await app.as(owner).call(admin.listProviderSettings)
    assert.equal(list.body.items, [off.body])
    assert.is((await app.as(owner).call(admin.removeProvider, { params })).status, 204)
    assert.is((await app.as(owner).call(admin.removeProvider, { params })).status, 404)
    const actions = await db('audit_entries').whereLike('action', 'provider.%').orderBy('id').select('action')
    assert.equal(
      actions.map(({ action }: { action: string }) => action),
      ['provider.saved', 'provider.saved', 'provider.removed'],
    )
  })

  test('only who may set it, and has just proved who they are, sets one [AUTH-05]', async (context) => {
    const { app, issuer } = context
    const body = { ...wish, issuer: issuer.url, clientSecret: secret }
    const put = (account: TestAccount) =>
      app.as(account).call(admin.setProvider, { params: { name: 'x' }, body })
    assert.is((await put(await app.addAccount({ roles: ['admin'] }))).status, 403)
    clock.advance(16 * 60_000)
    const late = browserAt(app, { as: context.owner })
    const again = await late.call(admin.setProvider as Route, { params: { name: 'x' }, body })
    assert.is(again.problem, 'identity.confirm-needed')
  })

  test('a stored secret is sent to no other issuer than it was given for [AUTH-05]', async (context) => {
    const { issuer, hits } = context
    await save(context, 'label', { issuer: issuer.url, clientSecret: secret })
    for (const change of [{ issuer: at(context) }, { kind: 'google', issuer: issuer.url }]) {
      const { status, error } = await save(context, 'label', change)
      assert.equal([status, error?.pointer], [422, '/clientSecret'])
    }
    assert.equal(hits, [])
  })

  test('an issuer that answers something else is refused [AUTH-05]', async (context) => {
    const { issuer, canary } = context
    const told = async (url: string, kind = 'oidc') => {
      const { problem, error } = await save(context, 'odd', { kind, issuer: url, clientSecret: secret })
      assert.is(problem, 'identity.bad-issuer')
      return error?.message ?? ''
    }
    assert.match(await told(at(context)), /no OpenID Connect issuer/)
    assert.match(await told(at(context), 'github'), /no GitHub server/)
    assert.match(await told('http://127.0.0.1:1'), /cannot be reached/)
    // The same server by another name says another issuer than the one asked for.
    assert.match(await told(issuer.url.replace('127.0.0.1', 'localhost')), /exactly this address/)
    canary.removeAllListeners('request')
    canary.on('request', (_req, res) => res.writeHead(302, { location: issuer.url }).end())
    assert.match(await told(at(context)), /no OpenID Connect issuer/)
  })

  test('Google is an issuer like others, and its configuration is kept for an hour [AUTH-04]', async (context) => {
    const { app, issuer } = context
    const saved = await save(context, 'google', { kind: 'google', issuer: issuer.url, clientSecret: secret })
    assert.is(saved.status, 200)
    const asked = () => issuer.requests.filter((path) => path.includes('.well-known')).length
    const browser = browserAt(app)
    const before = asked()
    for (const login of ['ann', 'bea'])
      newcomers(await browser.comeBack(await issuer.signInAs(login, await browser.leave('google'))))
    assert.is(asked(), before + 1)
    clock.advance(3_600_001)
    await browser.leave('google')
    assert.is(asked(), before + 2)
  })

  test('a client without a secret signs in by PKCE alone [AUTH-04]', async (context) => {
    const { app, issuer, owner } = context
    await app.as(owner).call(admin.removeProvider, { params: { name: 'label' } })
    const saved = await save(context, 'label', { issuer: issuer.url, clientId: 'public' })
    assert.is(saved.body.hasSecret, false)
    const browser = browserAt(app)
    newcomers(await browser.comeBack(await issuer.signInAs('cat', await browser.leave('label'))))
  })

  test('GitHub gives its number, name and verified primary address [AUTH-04]', async (context) => {
    const { app, github } = context
    const saved = await save(context, 'github', {
      kind: 'github',
      issuer: `${github.url}/`,
      clientSecret: secret,
    })
    assert.is(saved.status, 200, JSON.stringify(saved.body))
    const other = { email: 'other@people.test', primary: false, verified: true }
    const main = { email: 'Oct@People.test', primary: true, verified: true }
    github.users.set('Oct-Cat', { id: 42, login: 'Oct-Cat', name: null, emails: [other, main] })
    const browser = browserAt(app)
    const goRound = async (login: string) =>
      browser.comeBack(github.signInAs(login, await browser.leave('github')))
    const newcomer = async (place: string) => {
      const ticket = place.split('external=')[1] ?? ''
      return {
        ticket,
        ...(await browser.call(identity.externalNewcomer as Route, { body: { ticket } })).body,
      }
    }
    const { ticket, ...oct } = await newcomer(await goRound('Oct-Cat'))
    const shown = {
      provider: 'github',
      email: 'oct@people.test',
      username: 'oct-cat',
      displayName: 'Oct-Cat',
    }
    assert.equal(oct, shown)
    await browser.call(identity.registerExternal as Route, { body: { ticket, username: 'oct' } })
    assert.is(await browser.who(), 'oct')
    // The login may change hands; the number does not.
    github.users.set('renamed', { id: 42, login: 'renamed', name: 'Cat', emails: [] })
    github.users.set('Oct-Cat', {
      id: 43,
      login: 'Oct-Cat',
      name: 'New',
      emails: [{ ...main, verified: false }],
    })
    assert.is(await goRound('renamed'), '/')
    assert.is((await newcomer(await goRound('Oct-Cat'))).email, null)
    const row = await app.site.database.db('external_identities').where({ subject: '42' }).first()
    assert.equal([row.issuer, row.provider], [github.url, 'github'])
  })

  test('a wrong answer of GitHub signs nobody in [AUTH-05]', async ({ app, github }) => {
    const browser = browserAt(app)
    const failed = '/login?problem=identity.provider-failed'
    const back = async () => github.signInAs('renamed', await browser.leave('github'))
    const guessed = await back()
    guessed.searchParams.set('code', 'guessed')
    assert.is(await browser.comeBack(guessed), failed)
    // A code of another sign-in has another verifier.
    const [one, two] = [await back(), await back()]
    two.searchParams.set('code', one.searchParams.get('code') ?? '')
    assert.is(await browser.comeBack(two), failed)
    assert.is(await browser.who(), null)
  })

  test.run()
}
