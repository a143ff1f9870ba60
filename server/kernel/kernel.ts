import { admin, notFound } from '#contract'
import { migrate, NewerDataError } from '../db/index.ts'
import { VezaError } from '../errors.ts'
import {
  type Account,
  type Check,
  type CommandDesk,
  type Plugin,
  type PluginCommand,
  problem,
} from '../sdk/index.ts'
import { parseSettings } from '../settings/load.ts'
import { affectedBy, dependents, orderPlugins } from './order.ts'
import type { Pipes } from './pipes.ts'
import { newRuntime, type Runtime, setUp, start, stop } from './runtime.ts'

/** A plugin of the list, and where it came from. */
export interface PluginEntry {
  plugin: Plugin
  origin: 'bundled' | 'added'
}

/** The plugins of one site in one process: order, migrate, set up, start, stop, enable, disable. */
export interface Kernel {
  /** Migrates and sets up the enabled plugins in the order of their needs. A failing required one throws. */
  boot(): Promise<void>
  /** Starts the work of this process's roles. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Stores the wish, tells the other processes and follows it here. */
  setEnabled(name: string, isEnabled: boolean, actor: Account | null): Promise<admin.PluginState>
  /** Follows what another process stored. */
  reconcile(): Promise<void>
  states(): admin.PluginState[]
  checks(): Check[]
  readiness(): Promise<Record<string, boolean>>
  /** Runs a plugin’s command with its context; refuses where the plugin is off. */
  runCommand(plugin: string, command: PluginCommand, input: unknown, desk: CommandDesk): Promise<unknown>
}

/** `entries` are checked here: a bad name, a missing need or a circle throws before anything is touched. */
export function createKernel(entries: readonly PluginEntry[], pipes: Pipes): Kernel {
  const ordered = orderPlugins(entries.map((entry) => entry.plugin))
  const origins = new Map(entries.map((entry) => [entry.plugin.name, entry.origin]))
  const runtimes = new Map<string, Runtime>(ordered.map((plugin) => [plugin.name, newRuntime(plugin)]))
  const runtimeOf = (plugin: Plugin) => runtimes.get(plugin.name) as Runtime
  let wanted = new Set<string>()
  let isStarted = false
  let queue: Promise<unknown> = Promise.resolve()
  const oneAtATime = <T>(work: () => Promise<T>): Promise<T> => {
    const next = queue.then(work, work)
    queue = next.catch(() => {})
    return next
  }

  const readWanted = async () => {
    const rows: { name: string; isEnabled: boolean }[] = await pipes.database
      .db('plugins')
      .select('name', 'is_enabled')
    const off = new Set(rows.filter((row) => !row.isEnabled).map((row) => row.name))
    return new Set(
      ordered.filter((plugin) => plugin.required || !off.has(plugin.name)).map((plugin) => plugin.name),
    )
  }

  const needsOf = (plugin: Plugin): Record<string, unknown> => {
    const needs: Record<string, unknown> = {}
    for (const [name, need] of Object.entries(plugin.needs)) {
      const other = runtimes.get(need.plugin)
      const isUp = other !== undefined && (other.state === 'set-up' || other.state === 'running')
      if (!isUp && !need.isOptional)
        throw new VezaError(
          `It needs the plugin "${need.plugin}", which is off or failed.`,
          `Switch on "${need.plugin}" first.`,
        )
      needs[name] = isUp ? other.api : undefined
    }
    return needs
  }

  const bringUp = async (plugin: Plugin) => {
    const runtime = runtimeOf(plugin)
    try {
      const needs = needsOf(plugin)
      if (plugin.settings)
        parseSettings(
          plugin.settings,
          pipes.settings.plugin(plugin.name, plugin.settings),
          `plugins.${plugin.name}`,
        )
      if (plugin.migrations)
        await migrate(pipes.database, [{ owner: plugin.name, folder: plugin.migrations }])
      await setUp(runtime, pipes, needs)
      if (isStarted) await start(runtime, pipes.roles)
    } catch (error) {
      await fail(runtime, error)
    }
  }

  const fail = async (runtime: Runtime, error: unknown) => {
    await stop(runtime, pipes)
    // Data of a newer Veza must not be run on, whichever of its own plugins knows.
    const isNewer = error instanceof NewerDataError && origins.get(runtime.plugin.name) === 'bundled'
    if (runtime.plugin.required || isNewer) throw error
    runtime.state = 'failed'
    runtime.error = error instanceof Error ? error.message : String(error)
    pipes.log.error({ plugin: runtime.plugin.name, err: error }, 'plugin failed')
  }

  const follow = async () => {
    const next = await readWanted()
    const changed = ordered.filter((plugin) => next.has(plugin.name) !== wanted.has(plugin.name))
    wanted = next
    // Optional needs appear and vanish with their plugin, so whoever names a changed one is set up anew.
    const affected = new Set(changed.flatMap((plugin) => affectedBy(ordered, plugin.name)))
    const inOrder = ordered.filter((plugin) => affected.has(plugin))
    for (const plugin of [...inOrder].reverse()) await stop(runtimeOf(plugin), pipes)
    for (const plugin of inOrder) if (wanted.has(plugin.name)) await bringUp(plugin)
  }

  const stateOf = (plugin: Plugin): admin.PluginState => {
    const runtime = runtimeOf(plugin)
    return {
      name: plugin.name,
      title: plugin.title,
      version: plugin.version,
      isRequired: plugin.required ?? false,
      isEnabled: wanted.has(plugin.name),
      state: runtime.state === 'failed' ? 'failed' : runtime.state === 'off' ? 'off' : 'running',
      error: runtime.error,
      origin: origins.get(plugin.name) ?? 'bundled',
    }
  }

  return {
    boot: () =>
      oneAtATime(async () => {
        wanted = await readWanted()
        for (const plugin of ordered) if (wanted.has(plugin.name)) await bringUp(plugin)
      }),
    start: () =>
      oneAtATime(async () => {
        isStarted = true
        for (const plugin of ordered) {
          const runtime = runtimeOf(plugin)
          if (runtime.state !== 'set-up') continue
          try {
            await start(runtime, pipes.roles)
          } catch (error) {
            await fail(runtime, error)
          }
        }
      }),
    stop: () =>
      oneAtATime(async () => {
        isStarted = false
        for (const plugin of [...ordered].reverse()) await stop(runtimeOf(plugin), pipes)
      }),
    setEnabled: async (name, isEnabled, actor) => {
      const plugin = ordered.find((candidate) => candidate.name === name)
      if (!plugin) throw problem(notFound, `There is no plugin "${name}".`)
      if (plugin.required && !isEnabled) throw problem(admin.pluginRequired)
      const users = dependents(ordered, name, true).filter((user) => wanted.has(user.name))
      if (!isEnabled && users.length > 0)
        throw problem(admin.pluginNeeded, `Needed by: ${users.map((user) => user.name).join(', ')}.`)
      await pipes.database.db.tx(async (db) => {
        const row = { name, isEnabled, updatedAt: new Date().toISOString() }
        await db('plugins').insert(row).onConflict('name').merge()
        await pipes.audit.record(db, {
          action: isEnabled ? 'plugin.enabled' : 'plugin.disabled',
          actor,
          subject: name,
        })
        await db.wake()
      })
      await oneAtATime(follow)
      return stateOf(plugin)
    },
    reconcile: () => oneAtATime(follow),
    states: () => ordered.map(stateOf),
    checks: () => ordered.flatMap((plugin) => runtimeOf(plugin).checks),
    readiness: async () => {
      const all = ordered.flatMap((plugin) => runtimeOf(plugin).readiness)
      const results = await Promise.all(
        all.map(
          async ({ name, check }) =>
            [
              name,
              await Promise.resolve()
                .then(check)
                .catch(() => false),
            ] as const,
        ),
      )
      return Object.fromEntries(results)
    },
    runCommand: async (name, command, input, desk) => {
      const runtime = runtimes.get(name)
      if (!runtime?.context)
        throw new VezaError(`The plugin "${name}" is off.`, `Switch it on with: veza plugin enable ${name}`)
      return command.run(input as never, runtime.context as never, desk)
    },
  }
}
