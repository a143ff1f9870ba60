import { type Db, isoTime } from '#sdk'

const table = 'live_lost_rights'
/** Every process has long looked by then. */
const keptMs = 3_600_000

/** Tells every process that serves media to ask again whether this account may watch. */
export async function insertLostRight(db: Db, accountId: string): Promise<void> {
  const lostAt = isoTime()
  await db(table)
    .where('lostAt', '<', isoTime(new Date(Date.now() - keptMs)))
    .delete()
  await db(table).insert({ accountId, lostAt }).onConflict('account_id').merge()
}

export async function lostRightsSince(
  db: Db,
  since: string,
): Promise<{ accountId: string; lostAt: string }[]> {
  return db(table).where('lostAt', '>=', since)
}
