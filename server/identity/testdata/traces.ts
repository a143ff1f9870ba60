import * as assert from 'uvu/assert'
import * as chat from '#plugins/chat'
import type { TestAccount, TestApp } from '../../../test/kit/app.ts'
import type { FakeClock } from '../../../test/kit/clock.ts'
import { newId } from '../../sdk/index.ts'
import { hashPassword } from '../passwords.ts'

export interface Context {
  app: TestApp
  clock: FakeClock
}
export const password = 'correct horse battery'
let people = 0
let passwordHash: Promise<string> | undefined

/** Somebody who has left traces everywhere, each with the word `canary<n>`. */
export async function somebody(
  { app, clock }: Context,
  roles = ['artist'],
): Promise<TestAccount & { word: string }> {
  const word = `canary${++people}x`
  const account = await app.addAccount({ roles, username: word })
  const { db } = app.site.database
  const at = clock.now().toISOString()
  const { id } = account
  const { keyring, storage } = app.site
  passwordHash ??= hashPassword(password)
  await storage.write(`avatars/${id}/768.webp`, Buffer.from(`picture of ${word}`))
  await db('accounts')
    .where({ id })
    .update({
      displayName: `${word} Display`,
      passwordHash: await passwordHash,
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

/** Runs a job of the clock now. */
export async function runJob({ app, clock }: Context, name: string): Promise<void> {
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
