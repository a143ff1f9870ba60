import { closest } from 'fastest-levenshtein'
import { VezaError } from '../errors.ts'
import type { Plugin } from '../sdk/index.ts'
import { fromEnvironment, mergeDeep } from './environment.ts'
import { type LoadedConfig, parseSettings } from './load.ts'

/** Checks the `plugins` part of config.yaml strictly, names of plugins included. Throws the first fault. */
export function checkPluginSettings(loaded: LoadedConfig, plugins: readonly Plugin[]): void {
  const names = plugins.map((plugin) => plugin.name)
  const unknown = Object.keys(loaded.config.plugins).find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw new VezaError(
      `Unknown setting "plugins.${unknown}" in ${loaded.file}.`,
      `There is no such plugin. Did you mean "plugins.${closest(unknown, names)}"?`,
    )
  for (const { name, settings } of plugins) {
    const inFile = loaded.config.plugins[name] ?? {}
    if (settings) {
      const own = mergeDeep(inFile, fromEnvironment(settings, loaded.environment, ['plugins', name]))
      // What is left out may be in the database; the kernel checks the sum.
      if (Object.keys(own).length > 0) parseSettings(settings, own, `${loaded.file}, plugins.${name}`)
    } else if (Object.keys(inFile).length > 0)
      throw new VezaError(
        `The plugin "${name}" has no settings.`,
        `Remove plugins.${name} from ${loaded.file}.`,
      )
  }
}
