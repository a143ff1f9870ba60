import type { Db } from '#sdk'
import type { Desk } from '../desk.ts'
import { tellRights } from './changes.ts'
import { insertLostRight } from './lost-rights.ts'

/** The account's right to watch may have ended: every process asks again, this one with the next segment. */
export async function loseRight(
  desk: Pick<Desk, 'ctx' | 'forgetViewer'>,
  db: Db,
  accountId: string,
): Promise<void> {
  await insertLostRight(db, accountId)
  db.afterCommit(() => {
    desk.forgetViewer(accountId)
    tellRights(desk.ctx, { accountId })
  })
}
