import { type Db, isoTime, newId, pageFrom } from '#sdk'

export type BlockKind = 'block' | 'mute'
/** `accountId` blocks or mutes `otherId`. */
export interface BlockRow {
  id: string
  accountId: string
  otherId: string
  kind: BlockKind
  createdAt: string
}
type Pair = Pick<BlockRow, 'accountId' | 'otherId' | 'kind'>

const table = 'profiles_blocks'

/** False where it was so already. */
export async function insertBlock(db: Db, pair: Pair): Promise<boolean> {
  const stored: { id: string }[] = await db(table)
    .insert({ ...pair, id: newId(), createdAt: isoTime() })
    .onConflict(['account_id', 'other_id', 'kind'])
    .ignore()
    .returning('id')
  return stored.length > 0
}

/** False where there was none. */
export async function removeBlock(db: Db, pair: Pair): Promise<boolean> {
  return (await db(table).where(pair).delete()) > 0
}

/** All of an account, in both directions. */
export async function removeBlocksOf(db: Db, accountId: string): Promise<void> {
  await db(table).where({ accountId }).orWhere({ otherId: accountId }).delete()
}

export async function countBlocks(db: Db, accountId: string): Promise<number> {
  const row: { n: number } | undefined = await db(table).where({ accountId }).count('* as n').first()
  return row?.n ?? 0
}

/** Newest first. */
export async function listBlocks(
  db: Db,
  accountId: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<{ items: BlockRow[]; next: string | null }> {
  const query = db<BlockRow>(table)
    .where({ accountId })
    .orderBy('id', 'desc')
    .limit(limit + 1)
  if (after) query.where('id', '<', after.toLowerCase())
  const rows: BlockRow[] = await query
  return pageFrom(rows, limit)
}

/** What is between two accounts, either way. */
export async function blocksBetween(db: Db, a: string, b: string): Promise<BlockRow[]> {
  return db<BlockRow>(table).where({ accountId: a, otherId: b }).orWhere({ accountId: b, otherId: a })
}

/** Those an account blocks or mutes, and those who block it. */
export async function hiddenFrom(db: Db, accountId: string): Promise<Set<string>> {
  const rows: Pair[] = await db<BlockRow>(table)
    .select('account_id', 'other_id')
    .where({ accountId })
    .orWhere({ otherId: accountId, kind: 'block' })
  return new Set(rows.map((row) => (row.accountId === accountId ? row.otherId : row.accountId)))
}
