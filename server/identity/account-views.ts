import type { admin } from '#contract'
import { entrancesOf, type ListedAccount, listedAccount, statusAt } from './account-list.ts'
import { type AccountRow, rolesOf } from './accounts.ts'
import { deviceName } from './devices.ts'
import type { IdentityParts } from './parts.ts'
import { avatarUrl } from './present.ts'
import { listSessionsOf } from './sessions.ts'
import { type Actor, isAbove } from './standing.ts'

/** An account as who runs the label sees it in lists. */
export function viewOf({ storage, now }: IdentityParts, row: ListedAccount): admin.AccountView {
  const { id, email, username, displayName, roles, hasSecondFactor, createdAt, seenAt } = row
  return {
    id,
    email,
    username,
    displayName,
    avatarUrl: avatarUrl(storage, row.avatarKey),
    roles,
    status: statusAt(row, now()),
    isEmailVerified: row.emailVerifiedAt !== null,
    hasSecondFactor,
    createdAt,
    seenAt,
  }
}

/** One account with its sessions, factors and state. */
export async function detailOf(
  parts: IdentityParts,
  actor: Actor,
  row: AccountRow,
): Promise<admin.AccountDetail> {
  const { db, now } = parts
  const view = viewOf(parts, await listedAccount(db, row))
  const sessions = await listSessionsOf(db, row.id, now())
  return {
    ...view,
    suspension:
      view.status === 'suspended' ? { reason: row.suspendedReason ?? '', until: row.suspendedUntil } : null,
    leavesAt: row.leavesAt,
    sessions: sessions.map(({ id, userAgent, address, createdAt, seenAt }) => ({
      id,
      device: deviceName(userAgent),
      address,
      createdAt,
      seenAt,
    })),
    ...(await entrancesOf(db, row)),
    can: { edit: row.status !== 'deleted' && isAbove(parts, actor, await rolesOf(db, row.id)) },
  }
}
