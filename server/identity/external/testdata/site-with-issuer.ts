import * as assert from 'uvu/assert'
import { admin, identity, type Route } from '#contract'
import { type TestAccount, type TestApp, testApp } from '../../../../test/kit/app.ts'
import { type FakeClock, fakeClock } from '../../../../test/kit/clock.ts'
import { type Issuer, startIssuer } from '../../../../test/kit/oidc-issuer.ts'
import { type Browser, browserAt } from './browser.ts'

/** Two sites that let people in by the same real issuer, under two names each. */
export interface Context {
  app: TestApp
  clock: FakeClock
  issuer: Issuer
  owner: TestAccount
  /** What the issuer says of a login beside the usual. */
  claims: Map<string, Record<string, unknown>>
}

export const secret = 'of-the-client-and-quite-long-0123456789'
export const callback = (host: string, name = 'label') =>
  `http://${host}/api/v1/auth/external/${name}/callback`
export const ticketIn = (place: string) => /#external=([\w-]+)$/.exec(place)?.[1] ?? place
export const rowsOf = (app: TestApp, table: string) => app.site.database.db(table)

export async function boot(context: Context, kind: 'sqlite' | 'postgres'): Promise<void> {
  context.claims = new Map()
  context.clock = fakeClock(new Date())
  const environment = { VEZA_SECURITY_ALLOW_PRIVATE_ISSUERS: 'true' }
  context.app = await testApp({ kind, plugins: [], clock: context.clock, environment, sites: ['other'] })
  const redirectUris = ['main.test', 'other.test'].flatMap((host) => [callback(host), callback(host, 'twin')])
  context.issuer = await startIssuer({
    clients: [{ id: 'veza', secret, redirectUris }],
    claims: (login) => ({
      email: `${login}@issuer.test`,
      email_verified: true,
      name: login.toUpperCase(),
      preferred_username: login,
      ...context.claims.get(login),
    }),
  })
  for (const site of ['main', 'other']) {
    const owner = await context.app.addAccount({ roles: ['owner'], site })
    if (site === 'main') context.owner = owner
    for (const name of ['label', 'twin']) {
      const body = { kind: 'oidc' as const, title: 'The label', clientId: 'veza', clientSecret: secret }
      const saved = await context.app
        .at(site)
        .as(owner)
        .call(admin.setProvider, {
          params: { name },
          body: { ...body, issuer: context.issuer.url, isEnabled: true },
        })
      assert.is(saved.status, 200, JSON.stringify(saved.body))
    }
  }
}

/** Leaves, signs in at the issuer and comes back. */
export async function goRound(
  { issuer }: Context,
  browser: Browser,
  login: string,
  body = {},
): Promise<string> {
  return browser.comeBack(await issuer.signInAs(login, await browser.leave('label', body)))
}

export async function openAccount(context: Context, login: string): Promise<Browser> {
  const browser = browserAt(context.app)
  const ticket = ticketIn(await goRound(context, browser, login))
  const body = { ticket, username: login }
  const { status, body: told } = await browser.call(identity.registerExternal as Route, { body })
  assert.is(status, 200, JSON.stringify(told))
  return browser
}

export async function close({ app, issuer }: Context): Promise<void> {
  await app.close()
  await issuer.close()
}
