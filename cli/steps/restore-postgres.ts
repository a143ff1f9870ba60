import { join } from 'node:path'
import { type Database, openDatabase, restoreDatabase } from '../../server/db/index.ts'
import { VezaError } from '../../server/errors.ts'
import { entriesOf } from '../../server/main.ts'
import type { LoadedConfig } from '../../server/settings/load.ts'
import { migrationsOf } from '../../server/sites/pending.ts'
import { applianceMigrations, openOrExplain, siteTarget } from '../../server/sites/registry.ts'
import { applianceCopy, type Manifest, siteCopy } from './archive.ts'

interface Move {
  /** Where the copy was read in. */
  made: string
  /** The name the server looks for. */
  wanted: string
}

/** Schemas read in under names of their own, until `swap` gives them their real ones, all at once. */
export interface ImportedSchemas {
  swap(): Promise<void>
  /** Drops what was not swapped. */
  close(): Promise<void>
}

/** Throws where schemas of those names hold tables already, unless `force`: then `swap` renames them. */
export async function importSchemas(
  loaded: LoadedConfig,
  manifest: Manifest,
  force: boolean,
): Promise<ImportedSchemas> {
  const { schema, url = '' } = loaded.config.database
  const mark = `r${Date.now().toString(36)}`
  const sites = manifest.sites.map(({ name }) => ({ name, wanted: siteTarget(loaded, name).schema ?? '' }))
  const main = await openOrExplain({ location: url, poolSize: 2 })
  const moves: Move[] = [schema, ...sites.map(({ wanted }) => wanted)].map((wanted, index) => ({
    wanted,
    made: `${mark}_${index}`,
  }))
  const close = async () => {
    for (const { made } of moves) await main.knex.raw('drop schema if exists ?? cascade', [made])
    await main.close()
  }
  try {
    if (!force) await refuseFull(main, moves)
    const ofSites = migrationsOf(await entriesOf(loaded))
    for (const [index, { made }] of moves.entries()) {
      const site = sites[index - 1]
      const copy = join(loaded.dataDir, site ? siteCopy(site.name) : applianceCopy)
      const database = await openDatabase({ location: url, schema: made, poolSize: 2 })
      await restoreDatabase(database, copy, site ? ofSites : [applianceMigrations]).finally(() =>
        database.close(),
      )
    }
  } catch (error) {
    await close()
    throw error
  }
  return { swap: () => swap(main, moves, mark), close }
}

async function refuseFull(main: Database, moves: readonly Move[]): Promise<void> {
  const rows = await main.db.raw<{ name: string }[]>(
    'select distinct table_schema as name from information_schema.tables where table_schema = any(?)',
    [moves.map(({ wanted }) => wanted)],
  )
  if (rows.length > 0)
    throw new VezaError(
      `The PostgreSQL database holds ${rows.map(({ name }) => name).join(', ')} already.`,
      'Set another database.schema, or say --force to rename what is there.',
    )
}

async function swap(main: Database, moves: readonly Move[], mark: string): Promise<void> {
  await main.knex.transaction(async (trx) => {
    for (const { made, wanted } of moves) {
      const found = await trx.raw('select 1 from information_schema.schemata where schema_name = ?', [wanted])
      if (found.rows.length > 0)
        await trx.raw('alter schema ?? rename to ??', [wanted, `before_${mark}_${wanted}`.slice(0, 63)])
      await trx.raw('alter schema ?? rename to ??', [made, wanted])
    }
  })
}
