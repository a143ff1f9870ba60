import type { identity } from '#contract'
import type { Account, Storage } from '../sdk/index.ts'
import type { PersonRow } from './accounts.ts'
import type { Permissions } from './roles.ts'
import type { SessionAccount } from './sessions.ts'

/** Sides of an avatar's stored sizes, in pixels. */
export const avatarSizes = [96, 256, 768] as const

export function avatarUrl(
  storage: Pick<Storage, 'dayUrl'>,
  key: string | null,
  size: (typeof avatarSizes)[number] = 96,
): string | null {
  return key && storage.dayUrl(`${key}/${size}.webp`)
}

export function presentPerson(storage: Pick<Storage, 'dayUrl'>, row: PersonRow): identity.Person {
  const { id, username, displayName, avatarKey } = row
  return { id, username, displayName, avatarUrl: avatarUrl(storage, avatarKey) }
}

/** The signed-in account as its own pages see it. */
export function presentMe(storage: Pick<Storage, 'dayUrl'>, account: Account): identity.Me {
  const { id, email, username, displayName, roles, isEmailVerified, needsSecondFactor } = account
  return {
    id,
    email,
    username,
    displayName,
    avatarUrl: avatarUrl(storage, account.avatarKey),
    roles,
    permissions: [...account.permissions].sort(),
    isEmailVerified,
    needsSecondFactor,
    language: account.language as identity.Me['language'],
    timeZone: account.timeZone,
    theme: account.theme as identity.Me['theme'],
  }
}

/** What a session may do: less without the second factor a role asks for, or with an address not confirmed. */
export function toAccount(
  session: SessionAccount,
  permissions: Permissions,
  needsVerifiedEmail: boolean,
): Account {
  const { sessionId: _id, hasSecondFactor, emailVerifiedAt, ...account } = session
  const isEmailVerified = emailVerifiedAt !== null
  const roles = needsVerifiedEmail && !isEmailVerified ? ['guest'] : account.roles
  return {
    ...account,
    isEmailVerified,
    needsSecondFactor: !hasSecondFactor && permissions.needSecondFactor(account.roles),
    permissions: permissions.of(roles, { hasSecondFactor }),
  }
}
