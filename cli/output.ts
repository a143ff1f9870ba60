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

/**
 * A text for a terminal: signs that it would obey instead of showing (an answer to a question it was not asked, a line
 * written over, a sentence read backwards) are written as JSON writes them, as strangers' texts are shown, too.
 */
export const shown = (text: string): string =>
  text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through.
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** The same on one line: none of it can pass for the next. */
export const shownOnLine = (text: string): string => shown(text).replaceAll('\n', '\\n')

/** Prints a result: JSON for programs, else its text for a person. */
export function print(options: GlobalOptions, result: unknown, text: string): void {
  process.stdout.write(
    options.json
      ? `${shown(JSON.stringify(result, null, 2))}\n`
      : text === ''
        ? ''
        : `${shown(text.trimEnd())}\n`,
  )
}

/** Tells a failure in one sentence with its remedy, never a stack trace; returns the exit code. */
export function printError(error: unknown, asJson: boolean): number {
  const told = explain(error)
  process.stderr.write(
    asJson
      ? `${shown(JSON.stringify({ error: { message: told.message, remedy: told.remedy } }))}\n`
      : shown(`${told.message}\n${told.remedy ? `  ${told.remedy}\n` : ''}`),
  )
  return told.isUsage ? exitCodes.usage : exitCodes.failed
}

/** The failure in one line with its remedy, for a screen. */
export function tellError(error: unknown): string {
  const { message, remedy } = explain(error)
  return shown(remedy ? `${message} ${remedy}` : message)
}

interface Told {
  message: string
  remedy: string
  isUsage: boolean
}

function explain(error: unknown): Told {
  return (
    foreseen(error) ?? {
      message: `Something unexpected happened: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
      remedy: 'Where it came from is in the log: veza logs',
      isUsage: false,
    }
  )
}

/** Whether the error is one that a person can be told how to mend. */
export const isExpected = (error: unknown): boolean => foreseen(error) !== null

function foreseen(error: unknown): Told | null {
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
  const { code, path } = (error ?? {}) as NodeJS.ErrnoException
  const known = code === undefined ? undefined : systemErrors[code]
  return known ? { ...known(path ?? ''), isUsage: false } : null
}

const forbidden = (path: string) => ({
  message: `This user may not write there: ${path}`,
  remedy: 'Use the user that owns the data folder, or sudo.',
})
const diskFull = () => ({
  message: 'The disk is full; nothing was changed.',
  remedy: 'Free some space and try again.',
})
const systemErrors: Record<string, (path: string) => { message: string; remedy: string }> = {
  ENOSPC: diskFull,
  SQLITE_FULL: diskFull,
  EACCES: forbidden,
  EPERM: forbidden,
  EROFS: forbidden,
  ENOTDIR: (path) => ({
    message: `A part of this path is a file, not a folder: ${path}`,
    remedy: 'Choose another folder.',
  }),
}

/** A longer cell pushes the rest of its own row only. */
const widestColumn = 48

/** Rows as aligned columns; a cell is one line. */
export function table(header: string[], cells: string[][]): string {
  const rows = cells.map((row) => row.map(shownOnLine))
  const widths = header.map((name, column) =>
    Math.max(
      name.length,
      ...rows.map((row) => (row[column] ?? '').length).filter((length) => length <= widestColumn),
    ),
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

/** `1 role`, `2 roles` */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
