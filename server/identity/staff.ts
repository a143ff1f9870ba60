import type { Db } from '../db/index.ts'
import { VezaError } from '../errors.ts'
import { type AccountRow, findByLogin, rolesOf, setPasswordHash, setRoles } from './accounts.ts'
import { builtInRoles } from './roles.ts'
import { removeSessionsOf } from './sessions.ts'

/** Who runs the appliance changes accounts with these; each throws one sentence. */
export async function getByLogin(db: Db, login: string): Promise<AccountRow> {
  const account = await findByLogin(db, login)
  if (!account) throw new VezaError(`There is no account "${login}".`, '`veza user list` shows all accounts.')
  return account
}

/** Adds and removes roles; the last owner keeps that role. Resolves to the account's roles afterwards. */
export async function changeRoles(
  db: Db,
  account: AccountRow,
  change: { add?: string | undefined; remove?: string | undefined },
): Promise<string[]> {
  const { add, remove } = change
  for (const role of [add, remove]) if (role !== undefined) checkRole(role)
  const before = await rolesOf(db, account.id)
  if (remove === 'owner' && before.includes('owner')) {
    const owners: { accountId: string }[] = await db('account_roles').where({ role: 'owner' })
    if (owners.length < 2)
      throw new VezaError(
        `${account.username} is the last owner.`,
        'Make somebody else owner first: veza user role OTHER --add owner',
      )
  }
  const after = new Set(before)
  if (add !== undefined) after.add(add)
  if (remove !== undefined) after.delete(remove)
  await setRoles(db, account.id, [...after].sort())
  return [...after].sort()
}

export function checkRole(role: string): void {
  if (!builtInRoles.some((known) => known === role))
    throw new VezaError(`There is no role "${role}".`, `Roles are: ${builtInRoles.join(', ')}.`, {
      isUsage: true,
    })
}

/** Sets a new password and ends every session made with the old one. */
export async function replacePassword(db: Db, account: AccountRow, passwordHash: string): Promise<void> {
  await setPasswordHash(db, account.id, passwordHash)
  await removeSessionsOf(db, account.id)
}

/** A username made of what is before the @: `Anna.Bell@x` -> `anna-bell`. */
export function usernameOf(email: string): string {
  const name = (email.split('@')[0] ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .slice(0, 30)
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
  return name.length >= 2 ? name : 'person'
}
