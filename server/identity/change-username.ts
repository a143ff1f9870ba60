import { identity } from '#contract'
import { isoTime, problem } from '../sdk/index.ts'
import { deviceName } from './devices.ts'
import { accountOf } from './factor-guard.ts'
import { keepUsername, refuseFormer } from './former-names.ts'
import type { IdentityParts } from './parts.ts'
import { presentMe } from './present.ts'
import { refuseName } from './register.ts'
import { refuseLookalike, renameAccount } from './usernames.ts'

const waitMs = 30 * 24 * 3_600_000

/** Another username, once in 30 days; the old one leads to it and stays taken. */
export function changeUsernameRoutes(parts: IdentityParts): void {
  const { db } = parts
  parts.router.handle(identity.changeUsername, async ({ body: { username } }, call) => {
    const account = await accountOf(parts, call)
    if (username !== account.username) {
      refuseName(username)
      await db.tx(async (tx) => {
        const now = parts.now()
        await refuseLookalike(tx, username, account.id)
        await refuseFormer(tx, { username }, { except: account.id })
        const before = new Date(now.getTime() - waitMs)
        if (!(await renameAccount(tx, account.id, { username, now, before }))) throw tooSoon(account)
        await keepUsername(tx, account.id, { old: account.username, next: username, now })
        await parts.events.emit(tx, identity.accountRenamed, { accountId: account.id })
        await parts.audit.record(tx, {
          action: 'account.renamed',
          actor: account,
          subject: account.id,
          detail: { from: account.username, to: username, device: deviceName(call.userAgent) },
        })
      })
    }
    return presentMe(parts.storage, { ...call.me, username })
  })
}

function tooSoon({ usernameChangedAt }: { usernameChangedAt: string | null }): Error {
  const { title } = identity.usernameTooSoon
  if (!usernameChangedAt) return problem(identity.usernameTooSoon)
  const next = isoTime(new Date(Date.parse(usernameChangedAt) + waitMs)).slice(0, 10)
  return problem(identity.usernameTooSoon, `${title} The next time is ${next}.`, { members: { next } })
}
