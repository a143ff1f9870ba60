import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { loadMigrations } from '../../server/db/index.ts'
import { VezaError } from '../../server/errors.ts'
import { linkPackage, loadPlugin } from '../../server/kernel/added-plugins.ts'
import type { PluginEntry } from '../../server/kernel/kernel.ts'
import { orderPlugins } from '../../server/kernel/order.ts'
import { entriesOf } from '../../server/main.ts'
import type { Plugin } from '../../server/sdk/index.ts'
import type { LoadedConfig } from '../../server/settings/load.ts'
import { unpackPlugin } from './unpack-plugin.ts'

/**
 * Checks a plugin in a folder of its own by loading it as the server would, then moves it into the data folder in one
 * step. An older one of the same name goes to the trash. Resolves to the plugin and whether there was an older one.
 */
export async function addPlugin(
  loaded: LoadedConfig,
  path: string,
): Promise<{ plugin: Plugin; isReplaced: boolean }> {
  const entries = await entriesOf(loaded)
  const staging = await mkdtemp(join(loaded.dataDir, '.plugin-'))
  try {
    // Under its own name, since a folder is imported once per address.
    const folder = join(staging, basename(staging))
    await unpackPlugin(resolve(path), folder)
    await linkPackage(staging)
    const plugin = await loadPlugin(folder)
    await check(plugin, entries)
    const isReplaced = await moveIn(loaded.dataDir, folder, plugin.name)
    return { plugin, isReplaced }
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

async function check(plugin: Plugin, entries: readonly PluginEntry[]): Promise<void> {
  const bundled = entries.find((entry) => entry.origin === 'bundled' && entry.plugin.name === plugin.name)
  if (bundled)
    throw new VezaError(
      `Veza brings a plugin called "${plugin.name}" itself.`,
      'The added plugin needs another name.',
    )
  const others = entries.filter((entry) => entry.plugin.name !== plugin.name)
  orderPlugins([...others.map((entry) => entry.plugin), plugin])
  if (!plugin.migrations) return
  const migrations = await loadMigrations({ owner: plugin.name, folder: plugin.migrations }).catch(
    (cause: unknown) => {
      throw new VezaError(
        `The migrations of "${plugin.name}" cannot be loaded: ${cause instanceof Error ? cause.message : cause}`,
        'Ask the plugin’s maker.',
        { cause },
      )
    },
  )
  const broken = migrations.find(({ up }) => typeof up !== 'function')
  if (broken)
    throw new VezaError(
      `The migration ${broken.name} of "${plugin.name}" exports no function "up".`,
      'Ask the plugin’s maker.',
    )
}

async function moveIn(dataDir: string, folder: string, name: string): Promise<boolean> {
  const target = join(dataDir, 'plugins', name)
  await mkdir(join(dataDir, 'plugins'), { recursive: true })
  const isReplaced = existsSync(target)
  if (isReplaced) await moveToTrash(dataDir, target, `plugin-${name}`)
  await rename(folder, target)
  return isReplaced
}

/** Moves a folder of the data folder to `<data>/trash/<name>-<time>`; resolves to where it is then. */
export async function moveToTrash(dataDir: string, folder: string, name: string): Promise<string> {
  const trash = join(dataDir, 'trash')
  await mkdir(trash, { recursive: true, mode: 0o700 })
  const place = join(trash, `${name}-${new Date().toISOString().replace(/[-:.]/g, '')}`)
  await rename(folder, place)
  return place
}
