import type { Db } from '../../db/types.ts'

/** How the workers of other processes hear of jobs. The jobs themselves are always in the database. */
export interface Driver {
  /** Says, in the caller's transaction, that there is something to do once it is committed. */
  tell(db: Db): Promise<void>
  /** Calls back when another process told; may call too often. Returns the stop function. */
  listen(changed: () => void): Promise<() => Promise<void>>
}
