import { identity } from '#contract'
import type { Db } from '../db/index.ts'
import { isoTime } from '../sdk/index.ts'
import { type AccountRow, findByLogin } from './accounts.ts'
import { requireRecent } from './begin-session.ts'
import { proveOwn } from './change-password.ts'
import { deviceName } from './devices.ts'
import { accountOf } from './factor-guard.ts'
import { takeMail } from './mail-limits.ts'
import type { IdentityParts } from './parts.ts'
import { addressInUseMail, changeEmailMail, undoEmailMail } from './recovery-mails.ts'
import { insertTicket, removeTicketsOf } from './tickets.ts'

const dayMs = 24 * 3_600_000
/** How long a change may be undone. */
export const undoMs = 7 * dayMs

export interface ChangePayload {
  email: string
}
export interface UndoPayload {
  email: string
  askedAt: string
}

/** Asking for another address: nothing changes before the link mailed to it is followed. */
export function changeEmailRoutes(parts: IdentityParts): void {
  const { db } = parts
  parts.router.handle(identity.changeEmail, async ({ body }, call) => {
    const account = await accountOf(parts, call)
    if (body.password === undefined) await requireRecent(parts, call)
    else await proveOwn(parts, call, account, { password: body.password, pointer: '/password' })
    if (body.email === account.email) return
    await takeMail(db, { email: body.email, address: call.address, now: parts.now() })
    await db.tx(async (tx) => {
      await mailChange(parts, tx, account, body.email)
      // An address nobody confirmed may be a stranger's: it gets no power over the account.
      if (account.emailVerifiedAt) await mailUndo(parts, tx, account)
      await parts.audit.record(tx, {
        action: 'email.change-asked',
        actor: account,
        subject: account.id,
        detail: { device: deviceName(call.userAgent) },
      })
    })
  })
}

/** The same work whether the address is free or not; only who reads its mail learns which. */
async function mailChange(parts: IdentityParts, tx: Db, account: AccountRow, email: string): Promise<void> {
  const holder = await findByLogin(tx, email)
  await removeTicketsOf(tx, account.id, ['change-email'])
  const payload: ChangePayload = { email }
  const token = await insertTicket(tx, {
    purpose: 'change-email',
    accountId: account.id,
    payload,
    ttlMs: dayMs,
    now: parts.now(),
  })
  const mail = holder ? addressInUseMail(parts, holder) : changeEmailMail(parts, { ...account, email }, token)
  await parts.mailer.send(tx, mail)
}

async function mailUndo(parts: IdentityParts, tx: Db, account: AccountRow): Promise<void> {
  const payload: UndoPayload = { email: account.email, askedAt: isoTime(parts.now()) }
  const token = await insertTicket(tx, {
    purpose: 'undo-email',
    accountId: account.id,
    payload,
    ttlMs: undoMs,
    now: parts.now(),
  })
  await parts.mailer.send(tx, undoEmailMail(parts, account, token))
}
