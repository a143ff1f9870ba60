import { identity } from '#contract'
import { type Call, problem } from '../sdk/index.ts'
import { type AccountRow, findAccount } from './accounts.ts'
import { requireRecent } from './begin-session.ts'
import { secondFactorMethods } from './factors.ts'
import type { IdentityParts } from './parts.ts'
import { getSessionRow } from './sessions.ts'

/**
 * For changes of the ways in: a recent proof, and where the account has a second factor, a session that has shown one;
 * else somebody with the password and an older session could add a factor of their own. Throws
 * identity.confirm-needed, whose `methods` say what would do.
 */
export async function requireStrong(parts: IdentityParts, call: Call): Promise<void> {
  await requireRecent(parts, call)
  await requireSecondFactor(parts, call)
}

/** Throws identity.confirm-needed where the account has a second factor and this session has shown none. */
export async function requireSecondFactor({ db }: IdentityParts, call: Call): Promise<void> {
  const methods = await secondFactorMethods(db, call.me.id)
  const session = call.sessionId ? await getSessionRow(db, call.sessionId) : null
  if (methods.length > 0 && !session?.hasSecondFactor)
    throw problem(
      identity.confirmNeeded,
      'Confirm with your authenticator app, a recovery code or a passkey.',
      {
        members: { methods },
      },
    )
}

/** The whole row of who calls. */
export async function accountOf({ db }: IdentityParts, call: Call): Promise<AccountRow> {
  return (await findAccount(db, call.me.id)) as AccountRow
}
