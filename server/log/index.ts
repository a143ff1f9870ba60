import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import pino from 'pino'
import type { Log } from '#sdk'
import { rotatingFile } from './rotating-file.ts'
import { scrub, withoutSecrets } from './secrets.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** The process's log: one JSON line an entry, secrets taken out, to stdout and a rotating file. */
export interface RootLog extends Log {
  child(fields: object): Log
}

export interface LogOptions {
  level: LogLevel
  /** Also written here; rotated. */
  file?: string
  /** Where lines go beside the file; stdout unless said, null for nowhere. */
  stdout?: { write(line: string): unknown } | null
}

/** Makes the log of the process; `silent` writes nothing at all. */
export function createLog({ level, file, stdout = process.stdout }: LogOptions): RootLog {
  if (file && level !== 'silent') mkdirSync(dirname(file), { recursive: true })
  const toFile = file && level !== 'silent' ? rotatingFile(file) : null
  const destination = {
    write: (line: string) => {
      stdout?.write(line)
      toFile?.write(line)
    },
  }
  const logger = pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: withoutSecrets },
      // Errors are plain and clean by then; pino's own serializer would take them for something else.
      serializers: { err: (error) => error },
    },
    destination,
  )
  return wrap(logger)
}

function wrap(logger: pino.Logger): RootLog {
  return {
    debug: (fields, message) => logger.debug(fields, scrub(message)),
    info: (fields, message) => logger.info(fields, scrub(message)),
    warn: (fields, message) => logger.warn(fields, scrub(message)),
    error: (fields, message) => logger.error(fields, scrub(message)),
    child: (fields) => wrap(logger.child(withoutSecrets(fields as Record<string, unknown>))),
  }
}
