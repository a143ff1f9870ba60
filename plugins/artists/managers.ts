import { type Db, isoTime } from '#sdk'

/** Account ids of who looks after an artist's page, longest first. */
export async function managersOf(db: Db, artistId: string): Promise<string[]> {
  const rows: { accountId: string }[] = await db('artists_managers')
    .where({ artistId })
    .orderBy('created_at')
    .orderBy('account_id')
  return rows.map(({ accountId }) => accountId)
}

export async function isManager(db: Db, artistId: string, accountId: string): Promise<boolean> {
  return (await db('artists_managers').where({ artistId, accountId }).first('artist_id')) !== undefined
}

/** Ids of the artists an account looks after. */
export async function managedBy(db: Db, accountId: string): Promise<string[]> {
  const rows: { artistId: string }[] = await db('artists_managers').where({ accountId }).select('artist_id')
  return rows.map(({ artistId }) => artistId)
}

/** A second time changes nothing. */
export async function insertManager(db: Db, artistId: string, accountId: string): Promise<void> {
  await db('artists_managers')
    .insert({ artistId, accountId, createdAt: isoTime() })
    .onConflict(['artist_id', 'account_id'])
    .ignore()
}

export async function removeManager(db: Db, artistId: string, accountId: string): Promise<boolean> {
  return (await db('artists_managers').where({ artistId, accountId }).delete()) > 0
}

export async function removeManagerEverywhere(db: Db, accountId: string): Promise<void> {
  await db('artists_managers').where({ accountId }).delete()
}
