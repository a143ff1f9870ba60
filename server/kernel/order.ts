import { VezaError } from '../errors.ts'
import type { Plugin } from '../sdk/index.ts'

const nameRule = /^[a-z][a-z0-9-]{1,30}$/

/**
 * The plugins in an order in which every need comes first. Throws one sentence for a bad or double name, a need that
 * is nowhere, or a circle.
 */
export function orderPlugins(plugins: readonly Plugin[]): Plugin[] {
  const byName = new Map<string, Plugin>()
  for (const plugin of plugins) {
    if (!nameRule.test(plugin.name))
      throw new VezaError(
        `The plugin name "${plugin.name}" is not allowed.`,
        'Use lower-case letters, digits and hyphens.',
      )
    if (byName.has(plugin.name))
      throw new VezaError(
        `Two plugins are called "${plugin.name}".`,
        'Remove one of them from the plugins folder.',
      )
    byName.set(plugin.name, plugin)
  }
  const ordered = new Set<Plugin>()
  const visit = (plugin: Plugin, path: readonly string[]) => {
    if (ordered.has(plugin)) return
    if (path.includes(plugin.name))
      throw new VezaError(
        `Plugins need each other in a circle: ${[...path, plugin.name].join(' -> ')}.`,
        'Make one of the needs optional by an event instead.',
      )
    for (const need of Object.values(plugin.needs)) {
      const other = byName.get(need.plugin)
      if (other) visit(other, [...path, plugin.name])
      else if (!need.isOptional)
        throw new VezaError(
          `The plugin "${plugin.name}" needs "${need.plugin}", which is not there.`,
          `Add it with \`veza plugin add\`, or remove "${plugin.name}".`,
        )
    }
    ordered.add(plugin)
  }
  for (const plugin of plugins) visit(plugin, [])
  return [...ordered]
}

/** The plugins that need `name`, directly; `isHard` leaves out optional needs. */
export function dependents(plugins: readonly Plugin[], name: string, isHard: boolean): Plugin[] {
  return plugins.filter((plugin) =>
    Object.values(plugin.needs).some((need) => need.plugin === name && !(isHard && need.isOptional)),
  )
}

/** `name` and all that need it, by however many steps, in starting order. */
export function affectedBy(ordered: readonly Plugin[], name: string): Plugin[] {
  const hit = new Set([name])
  for (const plugin of ordered)
    if (Object.values(plugin.needs).some((need) => hit.has(need.plugin))) hit.add(plugin.name)
  return ordered.filter((plugin) => hit.has(plugin.name))
}
