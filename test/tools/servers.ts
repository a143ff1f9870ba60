import { randomInt } from 'node:crypto'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { onPath, postgresBin } from './machine.ts'
import { endGroup, runCommand, startGroup } from './process.ts'

/** A running server: its address for the tests, and how to end it. */
export type TestServer = { url: string; stop: () => Promise<void> }

/** A throwaway PostgreSQL on a free port, without fsync. Throws with the server's own words. */
export async function startPostgres(): Promise<TestServer> {
  const bin = await postgresBin()
  if (!bin) throw new Error('PostgreSQL is not installed. Remedy: sudo apt-get install -y postgresql')
  const owner = await unprivilegedUser()
  const folder = await mkdtemp(join(tmpdir(), 'veza-postgres-'))
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
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'synchronous_commit=off',
  ]
  settings.push('full_page_writes=off', 'max_connections=200')
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])]
  const server = await startServer(join(bin, 'postgres'), args, port, { folder, ...options }, 'SIGINT')
  return { ...server, url: `postgres://veza@127.0.0.1:${port}/postgres` }
}

/** A throwaway Redis on a free port that keeps nothing. */
export async function startRedis(): Promise<TestServer> {
  const program = await onPath('redis-server')
  if (!program) throw new Error('Redis is not installed. Remedy: sudo apt-get install -y redis-server')
  const folder = await mkdtemp(join(tmpdir(), 'veza-redis-'))
  const port = await freePort()
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    folder,
  ]
  const server = await startServer(program, args, port, { folder }, 'SIGTERM')
  return { ...server, url: `redis://127.0.0.1:${port}` }
}

type Place = { folder: string; uid?: number; gid?: number; env?: NodeJS.ProcessEnv }

async function startServer(
  program: string,
  args: readonly string[],
  port: number,
  place: Place,
  endSignal: NodeJS.Signals,
): Promise<TestServer> {
  const { folder, ...options } = place
  let output = ''
  const child = startGroup(program, args, { cwd: folder, ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk))
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk))
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
    child.once('error', (error) => {
      output += error.message
      resolve()
    })
  })
  const stop = async () => {
    if (child.pid !== undefined && child.exitCode === null) child.kill(endSignal)
    await Promise.race([ended, wait(10_000, undefined, { ref: false })])
    endGroup(child)
    await rm(folder, { recursive: true, force: true })
  }
  const gone = ended.then(() => 'gone' as const)
  for (let attempt = 0; attempt < 300; attempt++) {
    if (await canConnect(port)) return { url: '', stop }
    if ((await Promise.race([gone, wait(100)])) === 'gone') break
  }
  await stop()
  throw new Error(`${program} did not start:\n${output}`)
}

/** PostgreSQL refuses to run as root: the first of these accounts that exists lends its id. */
export async function unprivilegedUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    const { code, output } = await runCommand('id', ['-u', name])
    const group = await runCommand('id', ['-g', name])
    if (code === 0 && group.code === 0) return { uid: Number(output), gid: Number(group.output) }
  }
  throw new Error('PostgreSQL does not run as root, and there is no account to run it as.')
}

/** Below the ports that systems give to outgoing connections, of which one may be met where a server comes back. */
const ports = { from: 20_000, to: 32_000 }

/** A port of this machine that nobody has at this moment, and that nobody gets without asking for it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(ports.from, ports.to)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

/** Whether somebody listens on that port of this machine. */
export function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
