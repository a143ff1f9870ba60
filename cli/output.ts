import { VezaError } from '../server/errors.ts'
import { ProblemError } from '../server/sdk/index.ts'

/** Options every command takes. */
export interface GlobalOptions {
  data?: string
  site?: string
  json?: boolean
}

/** Exit codes that scripts rely on. */
export const exitCodes = { done: 0, failed: 1, usage: 2 } as const

/** Prints a result: JSON for programs, else its text for a person. */
export function print(options: GlobalOptions, result: unknown, text: string): void {
  process.stdout.write(
    options.json ? `${JSON.stringify(result, null, 2)}\n` : text === '' ? '' : `${text.trimEnd()}\n`,
  )
}

/** Tells a failure in one sentence with its remedy, never a stack trace; returns the exit code. */
export function printError(error: unknown, asJson: boolean): number {
  const told = explain(error)
  process.stderr.write(
    asJson
      ? `${JSON.stringify({ error: { message: told.message, remedy: told.remedy } })}\n`
      : `${told.message}\n${told.remedy ? `  ${told.remedy}\n` : ''}`,
  )
  return told.isUsage ? exitCodes.usage : exitCodes.failed
}

function explain(error: unknown): { message: string; remedy: string; isUsage: boolean } {
  if (error instanceof VezaError) return error
  if (error instanceof ProblemError) {
    const findings = error.errors
      ?.map(({ pointer, message }) => `${pointer.replace(/^\//, '')}: ${message}`)
      .join(' ')
    return {
      message: findings ?? error.detail ?? error.problem.title,
      remedy: '',
      isUsage: error.problem.status === 422,
    }
  }
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC')
    return {
      message: 'The disk is full; nothing was changed.',
      remedy: 'Free some space and try again.',
      isUsage: false,
    }
  if (code === 'EACCES' || code === 'EPERM')
    return {
      message: `This user may not write there: ${(error as NodeJS.ErrnoException).path ?? ''}`,
      remedy: 'Use the user that owns the data folder, or sudo.',
      isUsage: false,
    }
  return {
    message: `Something unexpected happened: ${error instanceof Error ? error.message : String(error)}`,
    remedy: 'Set VEZA_LOG_LEVEL=debug and look at `veza logs`.',
    isUsage: false,
  }
}

/** Rows as aligned columns. */
export function table(header: string[], rows: string[][]): string {
  const widths = header.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => (row[column] ?? '').length)),
  )
  return [header, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
