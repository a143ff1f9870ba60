import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createLog } from '../server/log/index.ts'
import { dataFolder } from '../server/settings/load.ts'

/** The value of `--data` on a command line that is not parsed yet. */
export function dataOf(argv: readonly string[]): string {
  const joined = argv.find((word) => word.startsWith('--data='))?.slice('--data='.length)
  const after = argv.indexOf('--data')
  return dataFolder(joined ?? (after < 0 ? undefined : argv[after + 1]))
}

/** Writes an unforeseen error with its stack into the data folder's log, where there is one. */
export function logUnexpected(error: unknown, argv: readonly string[]): void {
  const dataDir = dataOf(argv)
  if (!existsSync(dataDir)) return
  const words = argv.filter((word) => !word.startsWith('-')).slice(0, 2)
  createLog({ level: 'error', file: join(dataDir, 'logs', 'veza.log'), stdout: null }).error(
    { err: error, command: words.join(' ') },
    'a command failed unexpectedly',
  )
}
