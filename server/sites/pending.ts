import { type Database, type MigrationSource, nameOf, pendingMigrations } from '../db/index.ts'
import type { PluginEntry } from '../kernel/kernel.ts'
import type { LoadedConfig } from '../settings/load.ts'
import { openOrExplain, siteTarget } from './registry.ts'

export const serverMigrations: MigrationSource = {
  owner: 'server',
  folder: new URL('../../migrations/', import.meta.url),
}

/** The server's migrations and those of these plugins. */
export function migrationsOf(entries: readonly PluginEntry[]): MigrationSource[] {
  const ofPlugins = entries.flatMap(({ plugin }) =>
    plugin.migrations ? [{ owner: plugin.name, folder: plugin.migrations }] : [],
  )
  return [serverMigrations, ...ofPlugins]
}

/**
 * Names of the migrations a site waits for, those of switched-off plugins left out. Changes nothing; throws
 * NewerDataError, and VezaError where the database cannot be opened.
 */
export async function pendingOf(
  loaded: LoadedConfig,
  site: string,
  entries: readonly PluginEntry[],
): Promise<string[]> {
  const database = await openOrExplain(siteTarget(loaded, site))
  try {
    const off = await switchedOff(database)
    const on = entries.filter(({ plugin }) => plugin.required || !off.has(plugin.name))
    return (await pendingMigrations(database, migrationsOf(on))).map(nameOf)
  } finally {
    await database.close()
  }
}

async function switchedOff({ db }: Database): Promise<Set<string>> {
  if (!(await db.schema.hasTable('plugins'))) return new Set()
  const rows: { name: string }[] = await db('plugins').where({ isEnabled: false }).select('name')
  return new Set(rows.map((row) => row.name))
}
