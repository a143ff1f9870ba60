import { createHash } from 'node:crypto'
import { admin, type z } from '#contract'
import type { Db } from '../db/index.ts'
import { VezaError } from '../errors.ts'
import { fromEnvironment, mergeDeep } from './environment.ts'
import { type LoadedConfig, parseSettings } from './load.ts'

/** Settings kept in the site's database, held in memory and read again when another process changed them. */
export interface SettingsStore {
  site(): admin.SiteSettings
  updateSite(db: Db, change: Partial<admin.SiteSettings>): Promise<admin.SiteSettings>
  /** What newcomers agree to: its version changes with the texts; null where the label shows none. */
  terms(): { version: string } | null
  /** A plugin's settings: environment over file over database over default. */
  plugin<T>(name: string, schema: z.ZodType<T>): T
  updatePlugin<T>(db: Db, name: string, schema: z.ZodType<T>, change: Record<string, unknown>): Promise<T>
  reload(): Promise<void>
}

/** Reads the table once; `reload` on a foreign change. */
export async function openSettings(db: Db, loaded: LoadedConfig): Promise<SettingsStore> {
  let stored = await readAll(db)
  let site = admin.SiteSettings.parse(stored.site ?? {})
  const compose = <T>(name: string, schema: z.ZodType<T>, fromDatabase: Record<string, unknown>): T => {
    const inFile = loaded.config.plugins[name] ?? {}
    const inEnvironment = fromEnvironment(schema, loaded.environment, ['plugins', name])
    return parseSettings(schema, mergeDeep(fromDatabase, inFile, inEnvironment), `plugins.${name}`)
  }
  const save = async (tx: Db, key: string, value: unknown) => {
    const row = { key, valueJson: JSON.stringify(value), updatedAt: new Date().toISOString() }
    await tx('settings').insert(row).onConflict('key').merge()
    await tx.wake()
  }
  return {
    site: () => site,
    updateSite: async (tx, change) => {
      const next = admin.SiteSettings.parse({ ...site, ...change })
      await save(tx, 'site', next)
      tx.afterCommit(() => {
        site = next
      })
      return next
    },
    terms: () => {
      const { terms, privacy } = site
      if (terms === '' && privacy === '') return null
      return { version: createHash('sha256').update(`${terms}\0${privacy}`).digest('hex').slice(0, 16) }
    },
    plugin: (name, schema) => compose(name, schema, stored[`plugin:${name}`] ?? {}),
    updatePlugin: async (tx, name, schema, change) => {
      const next = mergeDeep(stored[`plugin:${name}`] ?? {}, change)
      const value = compose(name, schema, next)
      await save(tx, `plugin:${name}`, next)
      tx.afterCommit(() => {
        stored = { ...stored, [`plugin:${name}`]: next }
      })
      return value
    },
    reload: async () => {
      stored = await readAll(db)
      const parsed = admin.SiteSettings.safeParse(stored.site ?? {})
      if (!parsed.success)
        throw new VezaError(
          'The stored settings of the site are damaged.',
          'Set them anew with `veza config set site.title …`.',
        )
      site = parsed.data
    },
  }
}

async function readAll(db: Db): Promise<Record<string, Record<string, unknown>>> {
  const rows: { key: string; valueJson: Record<string, unknown> }[] = await db('settings').select(
    'key',
    'value_json',
  )
  return Object.fromEntries(rows.map((row) => [row.key, row.valueJson]))
}
