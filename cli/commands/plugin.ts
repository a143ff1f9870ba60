import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { notFound } from '#contract'
import { runningProcesses } from '../../server/admin/control.ts'
import { audit } from '../../server/audit/index.ts'
import { VezaError } from '../../server/errors.ts'
import { bundledPlugins, runFolder } from '../../server/main.ts'
import { ProblemError } from '../../server/sdk/index.ts'
import { configOf, existingData, withAppliance, withSite } from '../appliance.ts'
import type { CommandRun } from '../command.ts'
import { type GlobalOptions, print, table } from '../output.ts'
import { addPlugin, moveToTrash } from '../steps/add-plugin.ts'

/** `veza plugin list` */
export const list: CommandRun = async (options) => {
  const items = await withSite(options, async (site) => site.kernel.states())
  const rows = items.map(({ name, version, state, origin, error }) => [
    name,
    version,
    state === 'running' ? 'on' : state,
    origin,
    error ?? '',
  ])
  print(options, { items }, table(['NAME', 'VERSION', 'STATE', 'ORIGIN', ''], rows))
}

/** `veza plugin add PATH` */
export const add: CommandRun = async (options, [path = '']) => {
  const loaded = configOf(options)
  const { plugin, isReplaced } = await addPlugin(loaded, path)
  const { name, version } = plugin
  // One that was removed earlier had been switched off first, so that running servers let go of it.
  await withAppliance(options, null, async ({ sites }) => {
    for (const { database } of sites)
      await database.db.tx(async (db) => {
        if (!isReplaced) await db('plugins').where({ name }).delete()
        await audit.record(db, { action: 'plugin.added', actor: null, subject: name, detail: { version } })
      })
  })
  const needsRestart = await isRunning(loaded.dataDir)
  print(
    options,
    { name, version, isReplaced, needsRestart },
    `${isReplaced ? 'Replaced' : 'Added'} the plugin ${name} ${version}.${needsRestart ? '\nRestart the server to use it.' : ''}`,
  )
}

const switchTo =
  (isEnabled: boolean): CommandRun =>
  async (options, [name = '']) => {
    const state = await withSite(options, (site) =>
      site.kernel.setEnabled(name, isEnabled, null).catch((error: unknown) => {
        throw unknownPlugin(error, name)
      }),
    )
    if (isEnabled && state.state === 'failed')
      throw new VezaError(
        `The plugin "${name}" is switched on but failed: ${state.error}`,
        'Mend what it names, or switch it off again.',
      )
    print(options, state, `The plugin ${name} is ${isEnabled ? 'on' : 'off'}.`)
  }

/** `veza plugin enable NAME` */
export const enable = switchTo(true)
/** `veza plugin disable NAME` */
export const disable = switchTo(false)

function unknownPlugin(error: unknown, name: string): unknown {
  return error instanceof ProblemError && error.problem.name === notFound.name
    ? new VezaError(`There is no plugin "${name}".`, '`veza plugin list` shows all plugins.')
    : error
}

/** `veza plugin remove NAME`: also one that cannot be loaded any more. */
export const remove: CommandRun = async (options, [name = '']) => {
  const dataDir = existingData(options)
  const folder = join(dataDir, 'plugins', name)
  if (bundledPlugins.some((plugin) => plugin.name === name))
    throw new VezaError(
      `"${name}" is a part of Veza and cannot be removed.`,
      `Switch it off instead: veza plugin disable ${name}`,
    )
  if (!/^[a-z][a-z0-9-]*$/.test(name) || !existsSync(folder))
    throw new VezaError(`No plugin "${name}" was added.`, '`veza plugin list` shows all plugins.')
  await switchOffEverywhere(options, name)
  const place = await moveToTrash(dataDir, folder, `plugin-${name}`)
  print(
    options,
    { name, movedTo: place },
    `Removed the plugin ${name}; its files are in ${place}. Its data stays.`,
  )
}

async function switchOffEverywhere(options: GlobalOptions, name: string): Promise<void> {
  try {
    await withAppliance(options, null, async ({ sites }) => {
      for (const site of sites) await site.kernel.setEnabled(name, false, null)
    })
  } catch (error) {
    // One that cannot be loaded keeps the sites from opening, and runs nowhere.
    if (!(error instanceof VezaError)) throw error
  }
}

const isRunning = async (dataDir: string): Promise<boolean> =>
  (await runningProcesses(runFolder(dataDir))).length > 0
