import { defineJob, identity, invalidInput, z } from '#contract'
import { type Call, isoTime, ProblemError, problem } from '../sdk/index.ts'
import { deleteAccountNow, removeFolders } from './account-deletion.ts'
import { type AccountRow, updateAccount } from './accounts.ts'
import { requireRecent } from './begin-session.ts'
import { endSessionsWithin } from './end-sessions.ts'
import { accountOf } from './factor-guard.ts'
import { provePassword } from './login.ts'
import { mailTo } from './mails.ts'
import type { IdentityParts } from './parts.ts'
import { keepAnOwner } from './standing.ts'

/** How long somebody may come back. */
const leavingMs = 14 * 24 * 3_600_000
/** How long it is kept from where somebody agreed. */
const consentAddressMs = 365 * 24 * 3_600_000

const deleteLeaving = defineJob({ name: 'server.delete-leaving', payload: z.strictObject({}), attempts: 1 })
const forgetAddresses = defineJob({
  name: 'server.forget-addresses',
  payload: z.strictObject({}),
  attempts: 1,
})

/** Leaving: asked for by the account's holder, done two weeks later; signing in before that keeps it. */
export function accountLeavingRoutes(parts: IdentityParts): void {
  const { jobs, storage, db } = parts
  parts.router.handle(identity.deleteAccount, async ({ body }, call) => {
    const account = await accountOf(parts, call)
    if (body.username.trim().toLowerCase() !== account.username) throw otherName(account)
    if (body.password === undefined) await requireRecent(parts, call)
    else await provePassword(parts, call, { account, name: account.username, password: body.password })
    return { deletedAt: await leave(parts, account, call) }
  })
  jobs.handle(deleteLeaving, () => deleteThoseWhoLeft(parts))
  jobs.every(deleteLeaving, '9 * * * *')
  jobs.handle(removeFolders, async ({ folders }) => {
    for (const folder of folders) await storage.removeFolder(folder)
  })
  jobs.handle(forgetAddresses, async () => {
    const before = isoTime(new Date(parts.now().getTime() - consentAddressMs))
    await db('consents').where('given_at', '<', before).whereNot({ address: '' }).update({ address: '' })
  })
  jobs.every(forgetAddresses, '53 3 * * *')
}

function otherName({ username }: AccountRow): Error {
  return problem(invalidInput, undefined, {
    errors: [{ pointer: '/username', message: `Write your username, ${username}.` }],
  })
}

async function leave(parts: IdentityParts, account: AccountRow, call: Call): Promise<string> {
  const leavesAt = isoTime(new Date(parts.now().getTime() + leavingMs))
  await parts.db.tx(async (tx) => {
    await keepAnOwner(tx, account)
    await updateAccount(tx, account.id, { status: 'leaving', leavesAt })
    await endSessionsWithin(parts, tx, account.id)
    await parts.mailer.send(tx, leavingMail(parts, account, leavesAt))
    await parts.audit.record(tx, {
      action: 'account.deletion-asked',
      actor: account,
      subject: account.id,
      detail: { leavesAt },
    })
  })
  call.setCookie(parts.cookieName, null)
  return leavesAt
}

async function deleteThoseWhoLeft(parts: IdentityParts): Promise<void> {
  const due: AccountRow[] = await parts
    .db<AccountRow>('accounts')
    // Who was suspended meanwhile asked for it all the same.
    .whereIn('status', ['leaving', 'suspended'])
    .where('leaves_at', '<=', isoTime(parts.now()))
    .orderBy('leaves_at')
    .limit(500)
  // One by one: what fails with one account keeps no other.
  for (const account of due)
    await deleteOne(parts, account).catch((error: unknown) =>
      parts.log.error({ err: error, accountId: account.id }, 'an account could not be deleted'),
    )
}

async function deleteOne(parts: IdentityParts, account: AccountRow): Promise<void> {
  const { db, audit } = parts
  const { id } = account
  try {
    await db.tx(async (tx) => {
      // Not who came back a moment ago.
      const present = await tx('accounts').where({ id, leavesAt: account.leavesAt }).forUpdate().first('id')
      if (!present) return
      await keepAnOwner(tx, account)
      await audit.record(tx, { action: 'account.deleted', actor: account, subject: id })
      await deleteAccountNow(parts, tx, id)
    })
  } catch (error) {
    if (!(error instanceof ProblemError && error.problem === identity.lastOwner)) throw error
    // The other owners went meanwhile: a label has one.
    await db.tx(async (tx) => {
      await updateAccount(tx, id, { status: 'active', leavesAt: null })
      const detail = { reason: 'last owner' }
      await audit.record(tx, { action: 'account.kept', actor: null, subject: id, detail })
    })
  }
}

function leavingMail(parts: IdentityParts, account: AccountRow, leavesAt: string) {
  const day = leavesAt.slice(0, 10)
  const link = `${parts.site.url}/login`
  return mailTo(parts, account, {
    en: {
      subject: 'Your account will be deleted',
      lines: [
        `Your account ${account.username} and its data will be deleted on ${day}. You are signed out everywhere.`,
        `To keep it, sign in before that day; nothing else is needed:\n${link}`,
        'If this was not you, sign in at once and change your password.',
      ],
    },
    fr: {
      subject: 'Votre compte va être supprimé',
      lines: [
        `Votre compte ${account.username} et ses données seront supprimés le ${day}. Vous êtes déconnecté partout.`,
        `Pour le garder, connectez-vous avant ce jour ; cela suffit :\n${link}`,
        'Si ce n’était pas vous, connectez-vous tout de suite et changez de mot de passe.',
      ],
    },
  })
}
