import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { closest } from 'fastest-levenshtein'
import type { admin } from '#contract'
import { audit } from '../../server/audit/index.ts'
import { VezaError } from '../../server/errors.ts'
import { bundledPlugins, entriesOf } from '../../server/main.ts'
import { convertText, environmentName } from '../../server/settings/environment.ts'
import {
  environmentVariable,
  type LoadedConfig,
  loadConfig,
  readConfigFile,
} from '../../server/settings/load.ts'
import { checkPluginSettings } from '../../server/settings/plugin-settings.ts'
import { configOf, existingData, withSite } from '../appliance.ts'
import type { CommandRun } from '../command.ts'
import { readFlag } from '../flags.ts'
import { type GlobalOptions, print, table } from '../output.ts'
import {
  exampleText,
  type KnownKey,
  knownKeys,
  masked,
  settingOf,
  type Valued,
  withValue,
} from '../steps/config-keys.ts'

/** `veza config check` */
export const check: CommandRun = async (options) => {
  const loaded = configOf(options)
  checkPluginSettings(loaded, await pluginsOf(loaded))
  print(options, { isOk: true, file: loaded.file }, 'The settings are right.')
}

/** `veza config show`: works with wrong settings too, since it is where one looks then. */
export const show: CommandRun = async (options) => {
  const dataDir = existingData(options)
  const fromFile = readConfigFile(dataDir)
  const plugins = await pluginsOf(dataDir)
  const ofSite = await siteSettings(options).catch(() => null)
  const items = knownKeys(plugins).map((known) => {
    const { value, source } =
      known.home === 'file' ? settingOf(known, fromFile, environmentVariable) : siteValue(known, ofSite)
    return {
      key: known.key,
      value: masked(known, value),
      source,
      environment: known.home === 'file' ? environmentName(known.path) : null,
      description: known.description,
    }
  })
  const rows = items.map(({ key, value, source, description }) => [
    key,
    value === null ? '-' : typeof value === 'string' ? value : JSON.stringify(value),
    source,
    description,
  ])
  print(options, { items }, table(['SETTING', 'VALUE', 'FROM', 'MEANING'], rows))
}

/** `veza config get KEY` */
export const get: CommandRun = async (options, [key = '']) => {
  const dataDir = existingData(options)
  const known = find(knownKeys(await pluginsOf(dataDir)), key)
  const { value, source } =
    known.home === 'file'
      ? settingOf(known, readConfigFile(dataDir), environmentVariable)
      : siteValue(known, await siteSettings(options))
  const text = value === undefined || value === null ? '' : String(value)
  print(options, { key, value: value ?? null, source }, text)
}

/** `veza config set KEY VALUE` */
export const set: CommandRun = async (options, [key = '', text = '']) => {
  const dataDir = existingData(options)
  const plugins = await pluginsOf(dataDir)
  const known = find(knownKeys(plugins), key)
  const value = readFlag(known.schema, convertText(known.schema, text), key)
  if (known.home === 'site') await setSiteValue(options, known, value)
  else await setFileValue(loadConfig(dataDir), plugins, known, value)
  const over = known.home === 'file' && environmentVariable(environmentName(known.path)) !== undefined
  const notes = [
    ...(over ? [`${environmentName(known.path)} in the environment still wins over it.`] : []),
    ...(known.home === 'file' ? ['A running server uses it after a restart.'] : []),
  ]
  print(
    options,
    { key, value },
    [`${key} is now ${JSON.stringify(masked(known, value))}.`, ...notes].join('\n'),
  )
}

/** `veza config example` */
export const example: CommandRun = async (options) => {
  const text = exampleText(bundledPlugins)
  print(options, { text }, text)
}

/** With the added plugins; without them where they cannot be loaded or the settings are wrong. */
async function pluginsOf(from: string | LoadedConfig) {
  try {
    const loaded = typeof from === 'string' ? loadConfig(from) : from
    return (await entriesOf(loaded)).map(({ plugin }) => plugin)
  } catch (error) {
    if (typeof from !== 'string') throw error
    return bundledPlugins
  }
}

function find(keys: readonly KnownKey[], key: string): KnownKey {
  const known = keys.find((candidate) => candidate.key === key)
  if (known) return known
  const nearest = closest(
    key,
    keys.map((candidate) => candidate.key),
  )
  throw new VezaError(
    `Unknown setting "${key}".`,
    `Did you mean "${nearest}"? \`veza config show\` lists them.`,
    {
      isUsage: true,
    },
  )
}

const siteSettings = (options: GlobalOptions): Promise<admin.SiteSettings> =>
  withSite(options, async (site) => site.settings.site())

function siteValue({ path }: KnownKey, settings: admin.SiteSettings | null): Valued {
  return { value: settings?.[path[1] as keyof admin.SiteSettings], source: 'site' }
}

async function setSiteValue(options: GlobalOptions, { path }: KnownKey, value: unknown): Promise<void> {
  const change: Partial<admin.SiteSettings> = { [path[1] ?? '']: value }
  await withSite(options, ({ database, settings }) =>
    database.db.tx(async (db) => {
      await settings.updateSite(db, change)
      await audit.record(db, { action: 'site.settings-changed', actor: null, detail: change })
    }),
  )
}

/** Checks the whole file as it would be, then puts it in the place of the old one in one step. */
async function setFileValue(
  loaded: LoadedConfig,
  plugins: Parameters<typeof checkPluginSettings>[1],
  { path }: KnownKey,
  value: unknown,
): Promise<void> {
  const { file, dataDir, environment } = loaded
  const before = existsSync(file) ? await readFile(file, 'utf8') : ''
  const text = withValue(before, path, value)
  checkPluginSettings(loadConfig(dataDir, environment, text), plugins)
  const temporary = `${file}.${process.pid}.new`
  await writeFile(temporary, text, { mode: 0o600, flag: 'wx', flush: true })
  await rename(temporary, file)
}
