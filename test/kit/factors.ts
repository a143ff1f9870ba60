import { Secret, TOTP } from 'otpauth'
import { identity } from '#contract'
import { setPasswordHash } from '../../server/identity/accounts.ts'
import { hashPassword } from '../../server/identity/passwords.ts'
import type { Answer, TestAccount, TestApp } from './app.ts'
import type { FakeClock } from './clock.ts'

/** An appliance whose clock the test turns. */
export interface Turned {
  app: TestApp
  clock: FakeClock
}

/** Of everybody made by `person`. */
export const password = 'a long enough password'
let hash: Promise<string> | undefined

/** An account that signs in by the password. */
export async function person({ app }: Pick<Turned, 'app'>, roles = ['member']): Promise<TestAccount> {
  hash ??= hashPassword(password)
  const account = await app.addAccount({ roles })
  await setPasswordHash(app.site.database.db, account.id, await hash)
  return account
}

/** What an authenticator app shows, or shows some steps of 30 s from now. */
export const codeOf = (secret: string, { clock }: Pick<Turned, 'clock'>, steps = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: clock.now().getTime() + steps * 30_000,
  })

/** Sets an authenticator app up; its next code is good. */
export async function withTotp(
  turned: Turned,
  account: TestAccount,
): Promise<{ secret: string; uri: string; recoveryCodes: string[] }> {
  const me = turned.app.as(account)
  const { secret, uri } = (await me.call(identity.enrolTotp)).body
  const confirmed = await me.call(identity.confirmTotp, { body: { code: codeOf(secret, turned) } })
  if (confirmed.status !== 200) throw new Error(`No app was set up: ${JSON.stringify(confirmed.body)}`)
  turned.clock.advance(30_000)
  return { secret, uri, recoveryCodes: confirmed.body.recoveryCodes }
}

/** The first step of signing in, by the password: the ticket of the second. */
export async function ticketOf(
  { app }: Pick<Turned, 'app'>,
  { username }: TestAccount,
): Promise<identity.SecondFactorTicket> {
  const answer = await app.call(identity.login, { body: { login: username, password } })
  if (answer.problem !== 'identity.second-factor-needed' || answer.headers.has('set-cookie'))
    throw new Error(`No second factor was asked for: ${JSON.stringify(answer.body)}`)
  return answer.body as unknown as identity.SecondFactorTicket
}

/** The second step, by code. */
export const finish = (
  { app }: Pick<Turned, 'app'>,
  ticket: string,
  code: string,
): Promise<Answer<identity.Tokens>> => app.call(identity.secondFactor, { body: { ticket, code } })

/** What the audit log has of an account, oldest first. */
export async function actionsOf({ app }: Pick<Turned, 'app'>, subject: string): Promise<string[]> {
  const rows: { action: string }[] = await app.site.database
    .db('audit_entries')
    .where({ subject })
    .orderBy('id')
  return rows.map(({ action }) => action)
}

/** Whether a mail to the account has a subject that begins so. */
export async function wasTold(
  { app }: Pick<Turned, 'app'>,
  { email }: TestAccount,
  subject: string,
): Promise<number> {
  const mails = await app.inbox()
  return mails.filter((mail) => mail.toAddress === email && mail.subject.startsWith(subject)).length
}
