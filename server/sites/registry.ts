import { join } from 'node:path'
import {
  type Database,
  isUniqueViolation,
  type MigrationSource,
  migrate,
  openDatabase,
  type Target,
} from '../db/index.ts'
import { VezaError } from '../errors.ts'
import type { LoadedConfig } from '../settings/load.ts'

export interface SiteRow {
  name: string
  /** Public address without trailing slash. */
  url: string
  createdAt: string
}

const nameRule = /^[a-z][a-z0-9-]{0,29}$/

/** Which sites this appliance serves; a tiny database of its own beside theirs. */
export interface SiteRegistry {
  database: Database
  list(): Promise<SiteRow[]>
  add(name: string, url: string): Promise<SiteRow>
  setUrl(name: string, url: string): Promise<void>
  remove(name: string): Promise<void>
}

/** Where a site's tables live: a file in its folder, or a schema of its own. */
export function siteTarget({ config, dataDir }: LoadedConfig, name: string): Target {
  const { url, schema, poolSize } = config.database
  if (url) return { location: url, schema: `${schema}_site_${name.replaceAll('-', '_')}`, poolSize }
  return { location: join(siteFolder(dataDir, name), 'veza.db') }
}

/** Those of the appliance's own database. */
export const applianceMigrations: MigrationSource = {
  owner: 'appliance',
  folder: new URL('../../migrations/appliance/', import.meta.url),
}

export const siteFolder = (dataDir: string, name: string): string => join(dataDir, 'sites', name)

export async function openRegistry(loaded: LoadedConfig): Promise<SiteRegistry> {
  const { url, schema } = loaded.config.database
  const target: Target = url
    ? { location: url, schema, poolSize: 2 }
    : { location: join(loaded.dataDir, 'appliance.db') }
  const database = await openOrExplain(target)
  await migrate(database, [applianceMigrations])
  const { db } = database
  return {
    database,
    list: async () => (await db<SiteRow>('sites').orderBy('created_at').orderBy('name')) as SiteRow[],
    add: async (name, url) => {
      if (!nameRule.test(name))
        throw new VezaError(
          `"${name}" cannot be a site’s name.`,
          'Use up to 30 lower-case letters, digits and hyphens, beginning with a letter.',
          { isUsage: true },
        )
      const row = { name, url: cleanUrl(url), createdAt: new Date().toISOString() }
      try {
        await db('sites').insert(row)
      } catch (error) {
        if (isUniqueViolation(error))
          throw new VezaError(`There is a site "${name}" already.`, '`veza site list` shows all sites.')
        throw error
      }
      return row
    },
    setUrl: async (name, url) => {
      const changed = await db('sites')
        .where({ name })
        .update({ url: cleanUrl(url) })
      if (changed === 0)
        throw new VezaError(`There is no site "${name}".`, '`veza site list` shows all sites.')
    },
    remove: async (name) => {
      if ((await db('sites').where({ name }).delete()) === 0)
        throw new VezaError(`There is no site "${name}".`, '`veza site list` shows all sites.')
    },
  }
}

/** Opens a database; a failure is one sentence for the person who runs the appliance. */
export async function openOrExplain(target: Target): Promise<Database> {
  try {
    return await openDatabase(target)
  } catch (cause) {
    const where = target.location.replace(/:\/\/[^@]*@/, '://…@')
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new VezaError(
      `The database at ${where} cannot be opened: ${reason}.`,
      target.schema
        ? 'Check that PostgreSQL runs and that database.url (VEZA_DATABASE_URL) is right.'
        : 'Check the rights and the free space of the data folder.',
      { cause },
    )
  }
}

/** `https://label.example/` -> `https://label.example`; throws for anything but http and https. */
export function cleanUrl(text: string): string {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash)
    throw new VezaError(`"${text}" is not a web address.`, 'Write it as https://label.example', {
      isUsage: true,
    })
  return `${url.protocol}//${url.host}`
}
