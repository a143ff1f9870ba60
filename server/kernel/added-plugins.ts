import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { z } from '#contract'
import { VezaError } from '../errors.ts'
import type { Plugin } from '../sdk/index.ts'

const Manifest = z.object({
  name: z.string(),
  version: z.string(),
  main: z.string().default('index.js'),
  peerDependencies: z.object({ veza: z.string() }).partial().optional(),
})

/** What a plugin folder says of itself. */
export interface AddedPlugin {
  folder: string
  plugin: Plugin
}

/** The folder of this package: two up from server/kernel, in the sources and in dist/ alike three. */
export function packageFolder(): string {
  let folder = fileURLToPath(new URL('../../', import.meta.url))
  if (!existsSync(join(folder, 'package.json'))) folder = join(folder, '..')
  return folder
}

export async function versionOfVeza(): Promise<string> {
  return (JSON.parse(await readFile(join(packageFolder(), 'package.json'), 'utf8')) as { version: string })
    .version
}

/**
 * Loads the plugins that were added to the data folder. They import `veza/sdk` and `veza/contract`; a link in the
 * folder's own node_modules leads to this very package, so that both see the same modules.
 */
export async function loadAddedPlugins(pluginsFolder: string): Promise<AddedPlugin[]> {
  const entries = await readdir(pluginsFolder, { withFileTypes: true }).catch(() => [])
  const folders = entries
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map((entry) => join(pluginsFolder, entry.name))
  if (folders.length === 0) return []
  await linkPackage(pluginsFolder)
  return Promise.all(folders.sort().map(async (folder) => ({ folder, plugin: await loadPlugin(folder) })))
}

/** Makes `<plugins>/node_modules/veza` lead here. */
export async function linkPackage(pluginsFolder: string): Promise<void> {
  const modules = join(pluginsFolder, 'node_modules')
  await mkdir(modules, { recursive: true })
  await rm(join(modules, 'veza'), { recursive: true, force: true })
  await symlink(packageFolder(), join(modules, 'veza'), 'dir').catch((error: NodeJS.ErrnoException) => {
    // Another process starting at the same time made the same link.
    if (error.code !== 'EEXIST') throw error
  })
}

/** Reads, checks and imports one plugin folder; every failure is one sentence with a remedy. */
export async function loadPlugin(folder: string): Promise<Plugin> {
  const manifest = await readManifest(folder)
  const range = manifest.peerDependencies?.veza
  const version = await versionOfVeza()
  const { default: semver } = await import('semver')
  if (range && !semver.satisfies(version, range, { includePrerelease: true }))
    throw new VezaError(
      `The plugin "${manifest.name}" is made for Veza ${range}; this is ${version}.`,
      'Install a version of the plugin that fits.',
    )
  let module: { default?: unknown }
  try {
    module = (await import(pathToFileURL(join(folder, manifest.main)).href)) as { default?: unknown }
  } catch (cause) {
    throw new VezaError(
      `The plugin in ${folder} could not be loaded: ${cause instanceof Error ? cause.message : cause}`,
      'Ask its maker, or remove the folder.',
      { cause },
    )
  }
  const plugin = module.default as Plugin | undefined
  if (plugin?.kind !== 'plugin')
    throw new VezaError(
      `${join(folder, manifest.main)} does not export a plugin by default.`,
      'Its default export must be made by definePlugin().',
    )
  return plugin
}

async function readManifest(folder: string): Promise<z.infer<typeof Manifest>> {
  try {
    return Manifest.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')))
  } catch (cause) {
    throw new VezaError(
      `${folder} has no package.json with a name and a version.`,
      'Point to the folder of a built plugin.',
      { cause },
    )
  }
}
