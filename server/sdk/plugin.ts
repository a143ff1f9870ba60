import type { Contract, Job, z } from '#contract'
import type { NeedsOf, PluginContext } from './context.ts'

/** What a command may use of the terminal and the process it runs in. */
export interface CommandDesk {
  /**
   * Shows what is under way, on standard error: on a terminal one line that is written anew, elsewhere a line now and
   * then; nothing with `--json`.
   */
  progress(line: string): void
  /** Aborted by Ctrl-C. */
  signal: AbortSignal
  /** Resolves once `isDone`; until then this process does the site's jobs itself wherever no running server does. */
  doJobsUntil(isDone: () => Promise<boolean>): Promise<void>
  /** Whether no job of this kind waits or runs. */
  isDone(job: Pick<Job, 'name'>): Promise<boolean>
}

/** One command of the CLI owned by a plugin: `veza <name> <action>`. Runs with the site's context, no server needed. */
export interface PluginCommand {
  /** `stream-key create` */
  name: string
  summary: string
  /** commander flags -> help text, as `['--channel <slug>', 'Channel the key belongs to']` */
  options?: [flags: string, help: string][]
  args?: [name: string, help: string][]
  /** Shapes and checks the options; errors become one sentence and exit code 2. */
  input: z.ZodType
  /** Returns what `--json` prints; `text` turns it into lines for a person. */
  run(input: never, ctx: PluginContext<never, never>, desk?: CommandDesk): Promise<unknown>
  text(result: never): string
}

export interface Plugin {
  readonly kind: 'plugin'
  readonly name: string
  readonly version: string
  readonly title: string
  /** A required plugin that fails stops the boot, and it cannot be disabled. */
  readonly required?: boolean
  readonly provides?: Contract
  readonly needs: Record<string, Contract>
  readonly settings?: z.ZodType
  /** Permission -> what it allows, in words; and the roles that have it from the start. */
  readonly permissions: Record<string, { title: string; roles: string[] }>
  readonly migrations?: URL
  readonly commands: PluginCommand[]
  setup(ctx: PluginContext<never, never>): unknown
}

export interface PluginDefinition<Settings, Needs extends Record<string, Contract>, Api> {
  name: string
  version: string
  title: string
  required?: boolean
  provides?: Contract<Api>
  needs?: Needs
  settings?: z.ZodType<Settings>
  permissions?: Record<string, { title: string; roles: string[] }>
  /** Folder of numbered migrations, each exporting `up(db)`. */
  migrations?: URL
  commands?: PluginCommand[]
  /** Registers only, no I/O: every role and the CLI run it. Returns the API that `provides` promises. */
  setup(ctx: PluginContext<Settings, NeedsOf<Needs>>): Api
}

/** Declares a plugin. Reads as its table of contents. */
export function definePlugin<
  Settings = Record<string, never>,
  Needs extends Record<string, Contract> = Record<never, never>,
  Api = void,
>(plugin: PluginDefinition<Settings, Needs, Api>): Plugin {
  return {
    kind: 'plugin',
    needs: {},
    permissions: {},
    commands: [],
    ...plugin,
    setup: plugin.setup as Plugin['setup'],
  }
}

/** Declares a command with its input's type carried into `run`, and its result's type into `text`. */
export function defineCommand<Input, Result, Settings = never, Needs = never>(command: {
  name: string
  summary: string
  options?: [flags: string, help: string][]
  args?: [name: string, help: string][]
  input: z.ZodType<Input>
  run(input: Input, ctx: PluginContext<Settings, Needs>, desk: CommandDesk): Promise<Result>
  text(result: Result): string
}): PluginCommand {
  return command as PluginCommand
}
