import type { GlobalOptions } from './output.ts'

/** A command as data: what `--help` shows, and where its code is, loaded only when it runs. */
export interface CommandSpec {
  /** `user add` */
  name: string
  summary: string
  /** commander's argument syntax, as `<file>` or `[slug]` */
  args?: [name: string, help: string][]
  options?: [flags: string, help: string][]
  load(): Promise<{ default: CommandRun }>
}

/** Gets the options (commander's camelCase) and the arguments; resolves to the exit code, 0 unless said. */
export type CommandRun = (
  options: GlobalOptions & Record<string, unknown>,
  args: string[],
) => Promise<number | undefined>
