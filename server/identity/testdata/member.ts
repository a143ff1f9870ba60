import { setTimeout } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { identity } from '#contract'
import type { Client, TestAccount, TestApp, TestSocket } from '../../../test/kit/app.ts'

/** A member that opened an account with a password. */
export interface Member extends TestAccount {
  password: string
  refreshToken: string
  client: Client
}

let count = 0

/** Opens an account and, unless said, confirms its address by the mailed link. */
export async function member(
  app: TestApp,
  wish: { username?: string; isVerified?: boolean; password?: string } = {},
): Promise<Member> {
  const username = wish.username ?? `member${++count}`
  const { password = 'seven quiet harbours' } = wish
  const email = `${username}@people.test`
  const { status, body, headers } = await app.call(identity.register, { body: { email, username, password } })
  assert.is(status, 200, JSON.stringify(body))
  const { accessToken, refreshToken, account } = body
  const signedIn = { id: account.id, username, email, accessToken, sessionId: '', cookie: cookieOf(headers) }
  const made = { ...signedIn, password, refreshToken, client: app.as(signedIn) }
  if (wish.isVerified !== false)
    assert.is((await follow(app, await tokenIn(app, email, 'Confirm your address'))).body.done, 'verified')
  return made
}

/** `name=value` of the session's cookie. */
export const cookieOf = (headers: Headers): string =>
  /\b(?:__Host-)?veza_session=[^;]*/.exec(headers.get('set-cookie') ?? '')?.[0] ?? ''

/** What `GET /me` answers to a cookie. */
export const statusByCookie = async (app: TestApp, cookie: string): Promise<number> =>
  (await app.request('/api/v1/auth/me', { headers: { cookie } })).status

/** Mails to an address whose subject begins so, newest first. */
export async function mailsTo(app: TestApp, address: string, subject = '') {
  await app.jobs.drain()
  return (await app.inbox()).filter((mail) => mail.toAddress === address && mail.subject.startsWith(subject))
}

/** The secret in the newest such mail. */
export async function tokenIn(app: TestApp, address: string, subject: string): Promise<string> {
  const [mail] = await mailsTo(app, address, subject)
  const token = /http:\/\/main\.test\/\w+#token=([\w-]+)/.exec(mail?.text ?? '')?.[1]
  assert.ok(token, `no link "${subject}" to ${address}`)
  return token
}

/** The code a socket is closed with, told at once and not by the next heartbeat; `open` where it stays. */
export const closing = (socket: TestSocket): Promise<number | 'open'> =>
  Promise.race([socket.closed, setTimeout(5_000, 'open' as const, { ref: false })])

export const follow = (app: TestApp, token: string) => app.call(identity.verify, { body: { token } })

export const login = (app: TestApp, name: string, password: string) =>
  app.call(identity.login, { body: { login: name, password } })
