import type { Account } from '#sdk'

/** An account as handlers see it, for tests that need no database. */
export function somebody(id: string, more: Partial<Account> = {}): Account {
  return {
    id,
    username: id,
    displayName: id,
    email: `${id}@people.test`,
    roles: [],
    permissions: new Set(),
    avatarKey: null,
    isEmailVerified: true,
    needsSecondFactor: false,
    language: null,
    timeZone: null,
    theme: null,
    ...more,
  }
}
