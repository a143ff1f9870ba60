import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postgresBin } from '../tools/machine.ts'
import { runCommand } from '../tools/process.ts'
import { canConnect, freePort, unprivilegedUser } from '../tools/servers.ts'
import { eventually } from './wait.ts'

/** A PostgreSQL of one's own that may be killed. What it acknowledged is on disk, as in real life. */
export interface OwnPostgres {
  url: string
  /** kill -9. */
  kill(): Promise<void>
  start(): Promise<void>
  /** Ends it and removes its data. */
  close(): Promise<void>
}

/** Makes a cluster on a free port and starts it. Throws with the remedy where PostgreSQL is missing. */
export async function ownPostgres(): Promise<OwnPostgres> {
  const bin = await postgresBin()
  if (!bin) throw new Error('PostgreSQL is not installed. Remedy: sudo apt-get install -y postgresql')
  const owner = await unprivilegedUser()
  const folder = await mkdtemp(join(tmpdir(), 'veza-own-postgres-'))
  if (owner) await chown(folder, owner.uid, owner.gid)
  const data = join(folder, 'data')
  const options = { cwd: folder, ...owner, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' } }
  const made = await runCommand(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'veza', '--auth=trust', '-E', 'UTF8', '--no-sync'],
    options,
  )
  if (made.code !== 0) throw new Error(`initdb failed:\n${made.output}`)
  const port = await freePort()
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off']
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])]
  let child: ChildProcess | undefined
  const end = async (signal: NodeJS.Signals) => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
  process.once('exit', () => child?.kill('SIGQUIT'))
  const start = () =>
    // Right after a kill the old backends may not be gone yet, and the new server refuses to start.
    eventually('PostgreSQL to answer', async () => {
      if (!child || child.exitCode !== null || child.signalCode !== null)
        child = spawn(join(bin, 'postgres'), args, { ...options, stdio: 'ignore' })
      return canConnect(port)
    }).then(() => undefined)
  await start()
  return {
    url: `postgres://veza@127.0.0.1:${port}/postgres`,
    kill: () => end('SIGKILL'),
    start,
    close: async () => {
      await end('SIGINT')
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
