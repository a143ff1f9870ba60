import { join } from 'node:path'
import { resealHead } from '../audit/index.ts'
import { type Db, holdLock } from '../db/index.ts'
import { VezaError } from '../errors.ts'
import type { LoadedConfig } from '../settings/load.ts'
import { isSealed, type Keyring } from './keyring.ts'
import { placeOf, type SealedColumn, sealedColumns } from './sealed-columns.ts'

/** As much of a site as its secrets need. */
interface Sealing {
  db: Db
  /** The site's own. */
  keyring: Keyring
}

const atOnce = 100
/** The key before stays: a process may have sealed with it a moment ago. */
const kept = 2

export interface Rotation {
  /** Id of the new key; null where the setting holds the keys. */
  keyId: string | null
  resealed: number
}

/**
 * Makes a new key, seals everything of every site with it, and drops keys that nothing needs any more. Whatever it is
 * stopped by, everything stays readable, and the next rotation finishes the work. `onBatch` is called between batches.
 */
export async function rotateKeys(
  { config, dataDir }: Pick<LoadedConfig, 'config' | 'dataDir'>,
  keyring: Keyring,
  sites: readonly Sealing[],
  onBatch: (resealed: number) => void = () => {},
): Promise<Rotation> {
  const isOwn = config.security.instanceKey === undefined
  // Two rotations at once would each write a file without the other's key.
  const release = isOwn ? holdLock(join(dataDir, 'keys', 'rotation.lock')) : () => {}
  if (!release)
    throw new VezaError('The keys are being rotated already.', 'Wait until that is done; it needs no second.')
  try {
    const keyId = isOwn ? keyring.rotate() : null
    let resealed = 0
    for (const site of sites) resealed += await reseal(site, (count) => onBatch(resealed + count))
    if (isOwn) keyring.keep(kept)
    return { keyId, resealed }
  } finally {
    release()
  }
}

/** Seals all secrets of a site with the current key, also those of older versions, which were plain. */
async function reseal({ db, keyring }: Sealing, onBatch: (count: number) => void): Promise<number> {
  let count = 0
  for (const column of sealedColumns) {
    let after: string | null = null
    do {
      const rows = await readBatch(db, column, after)
      const old = rows.filter(({ sealed }) => !keyring.isCurrent(sealed))
      await db.tx(async (tx) => {
        for (const row of old) await resealRow(tx, keyring, column, row)
      })
      count += old.length
      after = rows.length < atOnce ? null : (rows.at(-1)?.id ?? null)
      onBatch(count)
    } while (after !== null)
  }
  await resealHead(db, keyring)
  return count
}

interface SealedRow {
  id: string
  sealed: string
}

async function readBatch(
  db: Db,
  { table, id, column }: SealedColumn,
  after: string | null,
): Promise<SealedRow[]> {
  const query = db(table)
    .whereNotNull(column)
    .orderBy(id)
    .limit(atOnce)
    .select(`${id} as id`, `${column} as sealed`)
  if (after !== null) query.where(id, '>', after)
  return query
}

/** What was changed meanwhile was sealed with the current key then. */
async function resealRow(
  db: Db,
  keyring: Keyring,
  column: SealedColumn,
  { id, sealed }: SealedRow,
): Promise<void> {
  const place = placeOf(column, id)
  const text = isSealed(sealed) ? keyring.open(sealed, place) : sealed
  await db(column.table)
    .where({ [column.id]: id, [column.column]: sealed })
    .update({ [column.column]: keyring.seal(text, place) })
}
