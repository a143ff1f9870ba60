#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander'
import { versionOfVeza } from '../server/kernel/added-plugins.ts'
import type { CommandSpec } from './command.ts'
import { coreCommands } from './commands/index.ts'
import { exitCodes, type GlobalOptions, printError } from './output.ts'

/** Runs one command line; resolves to the exit code. */
async function main(argv: string[]): Promise<number> {
  const program = new Command('veza')
  let code: number = exitCodes.done
  program
    .description('A record label’s own platform: live, chat, and all that follows.')
    .version(await versionOfVeza())
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
  const isCore = coreCommands.some((spec) => spec.name.split(' ')[0] === argv[0])
  const specs = isCore
    ? coreCommands
    : [...coreCommands, ...(await (await import('./commands/of-plugins.ts')).pluginCommands())]
  for (const spec of specs)
    add(program, spec, (result) => {
      code = result
    })
  try {
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
    return printError(error, argv.includes('--json'))
  }
  return code
}

function add(program: Command, spec: CommandSpec, done: (code: number) => void): void {
  const words = spec.name.split(' ')
  const parent = words
    .slice(0, -1)
    .reduce(
      (command, word) => command.commands.find((child) => child.name() === word) ?? group(command, word),
      program,
    )
  const command = parent
    .command(words.at(-1) ?? '')
    .description(spec.summary)
    .exitOverride()
  for (const [name, help] of spec.args ?? []) command.argument(name, help)
  for (const [flags, help] of spec.options ?? []) command.addOption(new Option(flags, help))
  command
    .option('--data <folder>', 'Data folder (VEZA_DATA)')
    .option('--site <name>', 'Site, where there are several', 'main')
    .option('--json', 'Answer in JSON')
  command.action(async () => {
    const run = (await spec.load()).default
    done((await run(command.opts<GlobalOptions & Record<string, unknown>>(), command.args)) ?? exitCodes.done)
  })
}

const groups: Record<string, string> = {
  user: 'Accounts',
  plugin: 'Plugins',
  site: 'Sites of this appliance',
  config: 'Settings',
  mail: 'The outbox',
  'stream-key': 'Keys that encoders publish with',
}

function group(parent: Command, name: string): Command {
  return parent
    .command(name)
    .description(groups[name] ?? '')
    .exitOverride()
}

process.exitCode = await main(process.argv.slice(2))
