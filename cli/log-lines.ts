import { shownOnLine } from './output.ts'

/** From the least to the most serious. */
export const levels = ['debug', 'info', 'warn', 'error'] as const
export type Level = (typeof levels)[number]

interface Entry {
  level: Level
  time: string
  msg: string
  [field: string]: unknown
}

/** An entry of the log, or null for a line that is none. */
export function parseLine(line: string): Entry | null {
  try {
    const entry: unknown = JSON.parse(line)
    return typeof entry === 'object' && entry !== null && 'level' in entry ? (entry as Entry) : null
  } catch {
    return null
  }
}

export function isAtLeast(line: string, level: Level): boolean {
  const entry = parseLine(line)
  return entry !== null && levels.indexOf(entry.level) >= levels.indexOf(level)
}

/** One JSON line as a person reads it: time, level, message, then the fields. */
export function readable(line: string): string {
  const entry = parseLine(line)
  if (!entry) return shownOnLine(line.trimEnd())
  const { level, time, msg, err, ...fields } = entry
  const facts = Object.entries(fields).map(([name, value]) => `${name}=${brief(value)}`)
  const head = `${String(time).slice(0, 19).replace('T', ' ')}  ${level.padEnd(5)}  ${msg ?? ''}`
  return [[head, ...facts].join('  '), ...errorLines(err)].map(shownOnLine).join('\n')
}

function brief(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function errorLines(err: unknown): string[] {
  if (typeof err !== 'object' || err === null) return err === undefined ? [] : [`    ${String(err)}`]
  const { stack, message } = err as { stack?: string; message?: string }
  return (stack ?? message ?? JSON.stringify(err)).split('\n').map((text) => `    ${text.trim()}`)
}
