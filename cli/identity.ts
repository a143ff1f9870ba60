import type { AccountRow } from '../server/identity/accounts.ts'
import type { IdentityParts } from '../server/identity/parts.ts'
import { getByLogin } from '../server/identity/staff.ts'
import { identityParts } from '../server/sites/identity-parts.ts'
import { configOf, withSite } from './appliance.ts'
import type { GlobalOptions } from './output.ts'

/** Opens the site asked for and gives what changes its accounts. A running server follows when it is committed. */
export function withIdentity<T>(
  options: GlobalOptions,
  work: (parts: IdentityParts) => Promise<T>,
): Promise<T> {
  return withSite(options, (site) => work(identityParts(site, configOf(options))))
}

/** The same for one account, by e-mail address or username. */
export function withAccount<T>(
  options: GlobalOptions,
  login: string,
  work: (parts: IdentityParts, account: AccountRow) => Promise<T>,
): Promise<T> {
  return withIdentity(options, async (parts) => work(parts, await getByLogin(parts.db, login)))
}
