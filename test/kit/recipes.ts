import { identity, type Route } from '#contract'
import { insertIdentity } from '../../server/identity/external/identities.ts'
import { keepSealed } from '../../server/identity/external/sealed-tickets.ts'
import { setUpToken } from '../../server/identity/set-up.ts'
import { hashToken, insertTicket, newToken } from '../../server/identity/tickets.ts'
import { isoTime } from '../../server/sdk/index.ts'
import type { TestAccount, TestApp } from './app.ts'
import { Authenticator } from './authenticator.ts'
import type { FakeClock } from './clock.ts'
import { codeOf, password, person, ticketOf, withTotp } from './factors.ts'

/** A call that changes what it should: by whom, and with what. */
export interface Served {
  /** Nobody where left out. */
  as?: TestAccount
  params?: Record<string, string>
  body?: unknown
  cookie?: string
  host?: string
  headers?: Record<string, string>
}
/** What recipes work with: an appliance with every plugin, and `other`, a site without an owner. */
export interface Kitchen {
  app: TestApp
  clock: FakeClock
  owner: TestAccount
}
export type Recipe = [name: string, cook: (kitchen: Kitchen) => Promise<Served> | Served]

/** As `POST /api/v1/auth/login`. */
export const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`

/** How a route is called so that it does what it is for. */
export const recipe = (route: Pick<Route, 'method' | 'path'>, cook: Recipe[1]): Recipe => [
  nameOf(route),
  cook,
]

let count = 0
export const fresh = (word: string): string => `${word}-${++count}`

/** As somebody new. */
export const byNewcomer =
  (body?: unknown): Recipe[1] =>
  async (kitchen) => ({ as: await person(kitchen), body })
export const byOwner =
  (body?: unknown, params: Record<string, string> = {}): Recipe[1] =>
  ({ owner }) => ({ as: owner, body, params })

async function withPasskey(kitchen: Kitchen) {
  const { app } = kitchen
  const as = await person(kitchen)
  const { ticket, options } = (await app.as(as).call(identity.passkeyCreation)).body
  const key = new Authenticator()
  const body = { ticket, response: key.create(options), name: 'Phone' }
  const keep = async () => (await app.as(as).call(identity.addPasskey, { body })).body.id
  return { as, key, body, keep }
}

/** A ticket as a mail carries it. */
async function mailed({ app, clock }: Kitchen, { id, email }: TestAccount, purpose: 'verify' | 'reset') {
  const ticket = { purpose, accountId: id, payload: { email }, ttlMs: 600_000, now: clock.now() }
  return insertTicket(app.site.database.db, ticket)
}

/** Coming in, and everybody's own sessions. */
export const doorRecipes: Recipe[] = [
  recipe(identity.register, () => {
    const username = fresh('newcomer')
    return { body: { email: `${username}@people.test`, username, password: 'opens an account 7' } }
  }),
  recipe(identity.login, async (kitchen) => {
    const { username } = await person(kitchen)
    return { body: { login: username, password } }
  }),
  recipe(identity.secondFactor, async (kitchen) => {
    const account = await person(kitchen)
    const { secret } = await withTotp(kitchen, account)
    const { ticket } = await ticketOf(kitchen, account)
    return { body: { ticket, code: codeOf(secret, kitchen) } }
  }),
  recipe(identity.passkeyLogin, async (kitchen) => {
    const { key, keep } = await withPasskey(kitchen)
    await keep()
    const { ticket, options } = (await kitchen.app.call(identity.passkeyRequest, { body: {} })).body
    return { body: { ticket, response: key.get(options) } }
  }),
  recipe(identity.registerExternal, async ({ app, clock }) => {
    const parts = { keyring: app.site.keyring, now: clock.now }
    const name = fresh('external')
    const mark = newToken()
    const person = { issuer: 'https://issuer.test', subject: name, email: `${name}@people.test` }
    const names = { name, username: name, provider: 'sample', invitation: undefined }
    const known = { ...person, ...names, browser: hashToken(mark), accountId: null }
    const ticket = await keepSealed(parts, app.site.database.db, 'external-newcomer', known)
    return { body: { ticket, username: name }, cookie: `veza_external=${mark}` }
  }),
  recipe(identity.setUp, async ({ app }) => {
    const { database, keyring } = app.siteNamed('other')
    const token = await setUpToken(database.db, keyring)
    const person = { email: 'founder@people.test', username: 'founder', password: 'opens the label 7' }
    return { host: 'other.test', body: { token, ...person } }
  }),
  recipe(identity.confirmIdentity, byNewcomer({ password })),
  recipe(identity.logout, byNewcomer()),
  recipe(identity.logoutAll, byNewcomer()),
  recipe(identity.endOtherSessions, byNewcomer()),
  recipe(identity.endSession, async (kitchen) => {
    const as = await person(kitchen)
    return { as, params: { id: as.sessionId } }
  }),
]

/** What everybody changes about their own account. */
export const accountRecipes: Recipe[] = [
  recipe(identity.updateMe, byNewcomer({ displayName: 'Another name' })),
  recipe(identity.changeUsername, async (kitchen) => ({
    as: await person(kitchen),
    body: { username: fresh('renamed') },
  })),
  recipe(identity.changePassword, byNewcomer({ currentPassword: password, newPassword: 'quite another 7' })),
  recipe(identity.changeEmail, async (kitchen) => ({
    as: await person(kitchen),
    body: { email: `${fresh('moved')}@people.test`, password },
  })),
  recipe(identity.verify, async (kitchen) => ({
    body: { token: await mailed(kitchen, await person(kitchen), 'verify') },
  })),
  recipe(identity.reset, async (kitchen) => ({
    body: { token: await mailed(kitchen, await person(kitchen), 'reset'), password: 'quite another 7' },
  })),
  recipe(identity.updatePreferences, byNewcomer({ news: true })),
  recipe(identity.setConsent, byNewcomer({ kind: 'news', isGiven: true })),
  recipe(identity.exportData, byNewcomer()),
  recipe(identity.deleteAccount, async (kitchen) => {
    const as = await person(kitchen)
    return { as, body: { password, username: as.username } }
  }),
  recipe(identity.unlinkIdentity, async (kitchen) => {
    const { app, clock } = kitchen
    const as = await person(kitchen)
    const from = { provider: 'sample', issuer: 'https://issuer.test', subject: as.id, email: null }
    const linked = { accountId: as.id, ...from, usedAt: null, now: clock.now() }
    await insertIdentity(app.site.database.db, linked)
    const { items } = (await app.as(as).call(identity.listIdentities)).body
    return { as, params: { id: items[0]?.id ?? '' } }
  }),
]

/** Second factors and passwords of programs. */
export const factorRecipes: Recipe[] = [
  recipe(identity.enrolTotp, byNewcomer()),
  recipe(identity.confirmTotp, async (kitchen) => {
    const as = await person(kitchen)
    const { secret } = (await kitchen.app.as(as).call(identity.enrolTotp)).body
    return { as, body: { code: codeOf(secret, kitchen) } }
  }),
  recipe(identity.disableTotp, async (kitchen) => {
    const as = await person(kitchen)
    const { secret } = await withTotp(kitchen, as)
    return { as, body: { password, code: codeOf(secret, kitchen) } }
  }),
  recipe(identity.newRecoveryCodes, async (kitchen) => {
    const as = await person(kitchen)
    await withTotp(kitchen, as)
    return { as }
  }),
  recipe(identity.addPasskey, async (kitchen) => {
    const { as, body } = await withPasskey(kitchen)
    return { as, body }
  }),
  recipe(identity.removePasskey, async (kitchen) => {
    const { as, keep } = await withPasskey(kitchen)
    return { as, params: { id: await keep() } }
  }),
  recipe(identity.createAppPassword, byNewcomer({ name: 'Player', scopes: ['subsonic'] })),
  recipe(identity.removeAppPassword, async (kitchen) => {
    const as = await person(kitchen)
    const made = await kitchen.app.as(as).call(identity.createAppPassword, {
      body: { name: 'Player', scopes: ['subsonic'] },
    })
    return { as, params: { id: made.body.id } }
  }),
]

/** Time as rows have it. */
export const timeOf = ({ clock }: Kitchen): string => isoTime(clock.now())
