import type { identity } from '#contract'
import type { Account, Storage } from '../sdk/index.ts'
import type { PersonRow } from './accounts.ts'
import type { Permissions } from './roles.ts'
import type { SessionAccount } from './sessions.ts'

const dayS = 86_400

/** Sides of an avatar's stored sizes, in pixels. */
export const avatarSizes = [96, 256, 768] as const

/** Signed until the end of tomorrow, so that the address stays the same for a day and browsers may keep the picture. */
export function avatarUrl(
  storage: Pick<Storage, 'url'>,
  key: string | null,
  now: Date,
  size: (typeof avatarSizes)[number] = 96,
): string | null {
  if (!key) return null
  const nowS = Math.floor(now.getTime() / 1000)
  return storage.url(`${key}/${size}.webp`, (Math.floor(nowS / dayS) + 2) * dayS - nowS)
}

export function presentPerson(storage: Pick<Storage, 'url'>, row: PersonRow, now: Date): identity.Person {
  const { id, username, displayName, avatarKey } = row
  return { id, username, displayName, avatarUrl: avatarUrl(storage, avatarKey, now) }
}

/** The signed-in account as its own pages see it. */
export function presentMe(storage: Pick<Storage, 'url'>, account: Account, now: Date): identity.Me {
  const { id, email, username, displayName, roles, isEmailVerified, needsSecondFactor } = account
  return {
    id,
    email,
    username,
    displayName,
    avatarUrl: avatarUrl(storage, account.avatarKey, now),
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
