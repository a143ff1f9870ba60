import { existsSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { openDatabase } from '../db/index.ts'
import { VezaError } from '../errors.ts'
import type { LoadedConfig } from '../settings/load.ts'
import { openOrExplain, type SiteRegistry, siteFolder, siteTarget } from './registry.ts'

/**
 * Takes a site out of the list and moves its data aside: the folder to `<data>/trash`, a PostgreSQL schema to a name
 * that begins with `trash_`. No process may be serving it. Resolves to where the data is.
 */
export async function removeSite(
  loaded: LoadedConfig,
  registry: SiteRegistry,
  name: string,
): Promise<{ folder: string | null; schema: string | null }> {
  const rows = await registry.list()
  if (!rows.some((row) => row.name === name))
    throw new VezaError(`There is no site "${name}".`, '`veza site list` shows all sites.')
  if (rows.length === 1)
    throw new VezaError(
      `"${name}" is the only site of this appliance.`,
      'Delete the whole data folder instead, or add another site first.',
    )
  const mark = new Date().toISOString().replace(/[-:.]/g, '').toLowerCase()
  const schema = await renameSchema(loaded, name, mark)
  const folder = await moveFolder(loaded.dataDir, name, mark)
  await registry.remove(name)
  return { folder, schema }
}

async function renameSchema(loaded: LoadedConfig, name: string, mark: string): Promise<string | null> {
  const { schema, location } = siteTarget(loaded, name)
  if (!schema) return null
  const moved = `trash_${mark}_${schema}`.slice(0, 63)
  const database = await openOrExplain({ location, poolSize: 2 })
  try {
    await database.knex.raw('alter schema ?? rename to ??', [schema, moved])
    return moved
  } finally {
    await database.close()
  }
}

async function moveFolder(dataDir: string, name: string, mark: string): Promise<string | null> {
  const folder = siteFolder(dataDir, name)
  if (!existsSync(folder)) return null
  await foldLog(join(folder, 'veza.db'))
  const moved = join(dataDir, 'trash', `site-${name}-${mark}`)
  await mkdir(join(dataDir, 'trash'), { recursive: true, mode: 0o700 })
  await rename(folder, moved)
  return moved
}

/** Opening and closing writes SQLite's log into the file, so that the file alone is whole. */
async function foldLog(file: string): Promise<void> {
  if (existsSync(file)) await (await openDatabase({ location: file })).close()
}
