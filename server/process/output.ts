import type { Readable } from 'node:stream'
import type { Log } from '#sdk'

const maxLineLength = 8192

/** Writes what a child prints to our log: a JSON line of its own log with its level and fields, others as they are. */
export function logOutput(stream: Readable, log: Log, fields: object, level: 'info' | 'warn'): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = (lines.pop() ?? '').slice(0, maxLineLength)
    for (const line of lines) logLine(line.slice(0, maxLineLength), log, fields, level)
  })
  stream.on('end', () => logLine(rest, log, fields, level))
}

function logLine(line: string, log: Log, fields: object, level: 'info' | 'warn'): void {
  if (line.trim() === '') return
  const own = readLogLine(line)
  if (own) log[own.level](own.fields, own.message)
  else log[level](fields, line)
}

function readLogLine(line: string) {
  if (!line.startsWith('{')) return null
  try {
    const { level, msg, time: _time, ...fields } = JSON.parse(line) as Record<string, unknown>
    if (level !== 'debug' && level !== 'info' && level !== 'warn' && level !== 'error') return null
    return { level, fields, message: String(msg) } as const
  } catch {
    return null
  }
}
