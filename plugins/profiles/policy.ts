import { notFound } from '#contract'
import { type Account, type ProblemError, problem } from '#sdk'
import { membersOnly } from './contract.ts'
import type { ProfileRow } from './profiles.ts'

export const moderatePermission = 'profiles.moderate'
export const verifyPermission = 'profiles.verify'

/** Who looks at a profile. */
export interface Viewer {
  account: Account | null
  /** The profile's holder blocks them. */
  isBlocked: boolean
}

/** Why a profile is not shown; null where it is. Private ones and those of who blocks one seem not to be there. */
export function refusalOf(row: ProfileRow, { account, isBlocked }: Viewer): ProblemError | null {
  if (account?.id === row.accountId || account?.permissions.has(moderatePermission)) return null
  if (isBlocked || row.visibility === 'private') return problem(notFound)
  return row.visibility === 'members' && !account ? problem(membersOnly) : null
}
