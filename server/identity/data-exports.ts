import { randomBytes } from 'node:crypto'
import type { identity } from '#contract'
import type { Db } from '../db/index.ts'
import { isoTime, newId } from '../sdk/index.ts'

export interface ExportRow {
  id: string
  accountId: string
  state: identity.DataExport['state']
  storageKey: string | null
  sizeBytes: number | null
  createdAt: string
  expiresAt: string | null
}

const table = 'data_exports'
/** One that waits longer has lost its job. */
const givenUpAfterMs = 24 * 3_600_000

/** The archive that is being made, or a new one and `isNew`; of parallel calls of an account all get the same. */
export async function openExport(
  db: Db,
  accountId: string,
  now: Date,
): Promise<{ id: string; isNew: boolean }> {
  // Others of this account wait here.
  await db('accounts').where({ id: accountId }).forUpdate().first('id')
  const waiting: ExportRow | undefined = await db<ExportRow>(table)
    .where({ accountId, state: 'waiting' })
    .where('created_at', '>', isoTime(new Date(now.getTime() - givenUpAfterMs)))
    .first()
  if (waiting) return { id: waiting.id, isNew: false }
  const id = newId()
  await db(table).insert({
    id,
    accountId,
    state: 'waiting',
    // Chosen now, so that another try of the job writes over the first one.
    storageKey: `exports/${randomBytes(16).toString('hex')}/veza-export.zip`,
    createdAt: isoTime(now),
  })
  return { id, isNew: true }
}

export async function findExport(db: Db, id: string): Promise<ExportRow | null> {
  return (await db(table).where({ id }).first()) ?? null
}

/** Newest first. */
export async function listExportsOf(db: Db, accountId: string): Promise<ExportRow[]> {
  return db<ExportRow>(table).where({ accountId }).orderBy('id', 'desc').limit(20)
}

/** False where it is gone or was made before. */
export async function endExport(
  db: Db,
  id: string,
  change: Pick<ExportRow, 'state'> & Partial<ExportRow>,
): Promise<boolean> {
  return (await db(table).where({ id, state: 'waiting' }).update(change)) > 0
}

/** Those whose time is over, and those that nobody makes any more; `remove` takes the files away first. */
export async function expireExports(
  db: Db,
  now: Date,
  remove: (folder: string) => Promise<void>,
): Promise<void> {
  const old: ExportRow[] = await db<ExportRow>(table)
    .where('expires_at', '<', isoTime(now))
    .whereNotNull('storage_key')
  for (const { id, storageKey } of old) {
    if (storageKey) await remove(folderOf(storageKey))
    await db(table).where({ id }).update({ state: 'expired', storageKey: null })
  }
  await db(table)
    .where({ state: 'waiting' })
    .where('created_at', '<', isoTime(new Date(now.getTime() - givenUpAfterMs)))
    .update({ state: 'failed' })
}

export async function foldersOfExports(db: Db, accountId: string): Promise<string[]> {
  const rows: ExportRow[] = await db<ExportRow>(table).where({ accountId }).whereNotNull('storage_key')
  return rows.flatMap(({ storageKey }) => (storageKey ? [folderOf(storageKey)] : []))
}

const folderOf = (key: string): string => key.slice(0, key.lastIndexOf('/'))
