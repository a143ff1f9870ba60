import { join } from 'node:path'
import type { z } from '#contract'
import { bundledPlugins } from '../../plugins/index.ts'
import { VezaError } from '../../server/errors.ts'
import { loadAddedPlugins } from '../../server/kernel/added-plugins.ts'
import type { Plugin, PluginCommand } from '../../server/sdk/index.ts'
import { plainWords } from '../../server/settings/plain-words.ts'
import { withSite } from '../appliance.ts'
import type { CommandSpec } from '../command.ts'
import { withCommandDesk } from '../command-desk.ts'
import { print } from '../output.ts'
import { dataOf } from '../unexpected.ts'

/** The commands that the bundled plugins bring, run with their site's context and without a server. */
export const bundledPluginCommands = (): CommandSpec[] => specsOf(bundledPlugins)

/** Those of the plugins added to the data folder the command line names; none where they cannot be loaded. */
export async function addedPluginCommands(argv: readonly string[]): Promise<CommandSpec[]> {
  const added = await loadAddedPlugins(join(dataOf(argv), 'plugins')).catch(() => [])
  return specsOf(added.map(({ plugin }) => plugin))
}

const specsOf = (plugins: readonly Plugin[]): CommandSpec[] =>
  plugins.flatMap((plugin) => plugin.commands.map((command) => toSpec(plugin.name, command)))

/** `--channel: It is missing.`; an argument as `<id>`. */
function sentenceOf({ issues: [issue] }: z.ZodError, names: readonly string[]): string {
  const message = issue?.message ?? 'This is not right.'
  const name = String(issue?.path[0] ?? '')
  if (name === '') return message
  const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return `${names.includes(name) ? `<${name}>` : `--${flag}`}: ${message}`
}

function toSpec(plugin: string, command: PluginCommand): CommandSpec {
  return {
    name: command.name,
    summary: command.summary,
    ...(command.args ? { args: command.args } : {}),
    ...(command.options ? { options: command.options } : {}),
    load: async () => ({
      default: async ({ data, site, json, ...own }, args) => {
        const names = (command.args ?? []).map(([name]) => name.replace(/[<>[\].]/g, ''))
        const given = { ...own, ...Object.fromEntries(names.map((name, index) => [name, args[index]])) }
        const input = command.input.safeParse(given, { error: plainWords })
        if (!input.success)
          throw new VezaError(sentenceOf(input.error, names), `See: veza ${command.name} --help`, {
            isUsage: true,
          })
        const globals = {
          ...(data === undefined ? {} : { data }),
          ...(site === undefined ? {} : { site }),
          ...(json === undefined ? {} : { json }),
        }
        const result = await withSite(globals, (opened) =>
          withCommandDesk(globals, opened, (desk) =>
            opened.kernel.runCommand(plugin, command, input.data, desk),
          ),
        )
        print(globals, result, command.text(result as never))
      },
    }),
  }
}
