import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { VezaError } from '../../server/errors.ts'
import type { LoadedConfig } from '../../server/settings/load.ts'

/** Throws one sentence where the data folder cannot be written to. */
export async function checkWritable(dataDir: string): Promise<void> {
  try {
    await rm(await mkdtemp(join(dataDir, '.write-')), { recursive: true })
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOTDIR')
      throw new VezaError(`${dataDir} is a file, not a folder.`, 'Choose a folder with --data.', { cause })
    if (code === 'EROFS')
      throw new VezaError(
        `The data folder ${dataDir} can only be read.`,
        'Mount its disk for writing, or choose another folder with --data.',
        { cause },
      )
    const isFull = code === 'ENOSPC' || code === 'EDQUOT'
    throw new VezaError(
      isFull
        ? `The disk of ${dataDir} is full.`
        : `The data folder ${dataDir} cannot be written to (${code}).`,
      isFull ? 'Free some space and start again.' : 'Start as the user that owns it, or correct its rights.',
      { cause },
    )
  }
}

/** The system's error code where a port cannot be listened on; null where it can. */
export function tryPort(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'UNKNOWN'))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)))
  })
}

/**
 * The same settings with a web port this process can have. Throws where another program has it; a process without
 * the web role, which answers only health and metrics, takes any free port instead.
 */
export async function withFreePort(loaded: LoadedConfig, isWeb: boolean): Promise<LoadedConfig> {
  const { host, port } = loaded.config.http
  const code = port === 0 ? null : await tryPort(host, port)
  if (code === null) return loaded
  if (!isWeb && code === 'EADDRINUSE')
    return { ...loaded, config: { ...loaded.config, http: { ...loaded.config.http, port: 0 } } }
  if (code === 'EADDRINUSE')
    throw new VezaError(
      `Port ${port} is already in use.`,
      'Stop the other program, or choose another port: VEZA_HTTP_PORT=8081 veza start',
    )
  if (code === 'EACCES')
    throw new VezaError(
      `This user may not listen on port ${port}.`,
      'Use a port above 1023 with a proxy in front, or start as root.',
    )
  throw new VezaError(
    `Cannot listen on ${host}:${port} (${code}).`,
    'Check http.host and http.port in config.yaml.',
  )
}
