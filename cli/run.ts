import { Command, CommanderError, Option } from 'commander'
import { versionOfVeza } from '../server/kernel/added-plugins.ts'
import type { CommandSpec } from './command.ts'
import { coreCommands } from './commands/index.ts'
import { exitCodes, type GlobalOptions, isExpected, printError } from './output.ts'

const groups: Record<string, string> = {
  user: 'Accounts',
  role: 'Roles made of permissions',
  invite: 'Invitations',
  session: 'Where accounts are signed in',
  ban: 'Addresses kept out',
  provider: 'Other accounts to sign in with',
  plugin: 'Plugins',
  site: 'Sites of this appliance',
  config: 'Settings',
  mail: 'The outbox',
  audit: 'The audit log',
  key: 'Keys of stored secrets and of access tokens',
  media: 'Files of the library',
  release: 'Releases',
  track: 'Tracks',
  channel: 'Places to go live on',
  'stream-key': 'Keys that encoders publish with',
  ticket: 'Tickets of channels',
  guest: 'Guest lists of channels',
  payment: 'Payments',
  tip: 'Tips during streams',
}

/** Runs one command line; resolves to the exit code. */
export async function runCli(argv: string[]): Promise<number> {
  const asJson = argv.includes('--json')
  const program = new Command('veza')
  let code: number = exitCodes.done
  program
    .description('A record label’s own platform: live, chat, and all that follows.')
    .version(await versionOfVeza())
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
  if (asJson) program.configureOutput({ writeErr: () => {} })
  try {
    for (const spec of await specsFor(argv))
      add(program, spec, (result) => {
        code = result
      })
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) return usage(error, asJson)
    if (!isExpected(error)) await keepStack(error, argv)
    return printError(error, asJson)
  }
  return code
}

/** Plugins are loaded only where the first word is not a command of the core, and not to tell the version. */
async function specsFor(argv: string[]): Promise<CommandSpec[]> {
  const word = argv[0] ?? ''
  const begins = (spec: CommandSpec) => spec.name.split(' ')[0] === word
  if (word === '--version' || word === '-V' || coreCommands.some(begins)) return coreCommands
  const { addedPluginCommands, bundledPluginCommands } = await import('./commands/of-plugins.ts')
  const known = [...coreCommands, ...bundledPluginCommands()]
  if (word === '' || word.startsWith('-') || known.some(begins)) return known
  return [...known, ...(await addedPluginCommands(argv))]
}

function add(program: Command, spec: CommandSpec, done: (code: number) => void): void {
  const words = spec.name.split(' ')
  const parent = words
    .slice(0, -1)
    .reduce(
      (command, word) => command.commands.find((child) => child.name() === word) ?? group(command, word),
      program,
    )
  const command = parent.command(words.at(-1) ?? '').description(spec.summary)
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

function group(parent: Command, name: string): Command {
  return parent.command(name).description(groups[name] ?? '')
}

function usage(error: CommanderError, asJson: boolean): number {
  if (error.exitCode === 0) return exitCodes.done
  const message = error.code === 'commander.help' ? 'A command is missing.' : error.message
  if (asJson)
    process.stderr.write(
      `${JSON.stringify({ error: { message: message.replace(/^error: /, ''), remedy: 'See: veza --help' } })}\n`,
    )
  return exitCodes.usage
}

/** What nobody foresaw is told in one sentence; where it came from is kept in the log for whoever mends it. */
async function keepStack(error: unknown, argv: string[]): Promise<void> {
  try {
    const { logUnexpected } = await import('./unexpected.ts')
    logUnexpected(error, argv)
  } catch {
    // Without a data folder there is no log; the sentence is still told.
  }
}
