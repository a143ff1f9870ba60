import type { Db } from '../db/index.ts'
import type { IdentityParts } from './parts.ts'
import { removeSessionsOf } from './sessions.ts'

/**
 * Ends every session of an account but `except`, as part of a transaction; open sockets close when it is committed.
 * Resolves to how many there were.
 */
export async function endSessionsWithin(
  parts: Pick<IdentityParts, 'closeSession'>,
  tx: Db,
  accountId: string,
  except?: string | null,
): Promise<number> {
  const ids = await removeSessionsOf(tx, accountId, except)
  for (const id of ids) tx.afterCommit(() => parts.closeSession(id))
  return ids.length
}
