import { lstat, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { holdLock } from '../db/index.ts'
import { VezaError } from '../errors.ts'
import { createServer, request } from '../node-http.ts'
import type { Role } from '../sdk/index.ts'
import type { ProcessStatus } from './status.ts'

export interface ControlParts {
  status(): Promise<ProcessStatus>
  /** Asks the process to end in order. */
  stop(): void
}

/** Running processes of a data folder are spoken to over HTTP on a Unix socket that only their user may open. */
export interface Control {
  close(): Promise<void>
}

const answerMs = 5000

/**
 * Takes roles for this process; throws where another process of the data folder has one of them. Held by the
 * system until `release` or the end of the process, so a crash leaves nothing to clear away.
 */
export async function claimRoles(runDir: string, roles: readonly Role[]): Promise<() => void> {
  await mkdir(runDir, { recursive: true, mode: 0o700 })
  await refuseForeign(runDir)
  const held: (() => void)[] = []
  const release = () => {
    for (const letGo of held.splice(0)) letGo()
  }
  for (const role of roles) {
    const letGo = holdLock(join(runDir, `${role}.lock`))
    if (letGo) held.push(letGo)
    else {
      release()
      throw await alreadyRuns(runDir, role)
    }
  }
  return release
}

/** Among temporary files anybody may make a folder of a name that can be guessed, and would own the sockets in it. */
async function refuseForeign(runDir: string): Promise<void> {
  if (dirname(runDir) !== tmpdir()) return
  const found = await lstat(runDir)
  const isOurs = process.getuid === undefined || found.uid === process.getuid()
  if (isOurs && found.isDirectory() && (found.mode & 0o022) === 0) return
  throw new VezaError(
    `The folder ${runDir}, where Veza keeps its sockets, was made by somebody else or is open to others.`,
    'Remove it, or choose a data folder with a shorter path.',
  )
}

async function alreadyRuns(runDir: string, role: Role): Promise<VezaError> {
  const other = (await runningProcesses(runDir)).find(({ roles }) => roles.includes(role))
  const who = other ? ` (process ${other.pid})` : ''
  return new VezaError(
    `Veza already runs on this data folder with the role ${role}${who}.`,
    'Stop it first with `veza stop`, or give this process other --roles or another --data.',
  )
}

/** Opens the socket. Only for a process that holds its roles: what lies there under its name is left over. */
export async function openControl(
  runDir: string,
  roles: readonly Role[],
  parts: ControlParts,
): Promise<Control> {
  const path = socketPath(runDir, roles[0] ?? 'web')
  const pidFile = path.replace(/\.sock$/, '.pid')
  await rm(path, { force: true })
  const server = createServer((req, res) => {
    answer(parts, req, res).catch(() => res.destroy())
  })
  await listen(server, path)
  await writeFile(pidFile, `${process.pid}\n`, { mode: 0o600 })
  return {
    close: async () => {
      server.close()
      server.closeAllConnections()
      await rm(path, { force: true })
      await rm(pidFile, { force: true })
    },
  }
}

async function answer(parts: ControlParts, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const send = (status: number, body: unknown) => {
    res.writeHead(status, { 'content-type': 'application/json' })
    res.end(JSON.stringify(body))
  }
  if (req.method === 'GET' && req.url === '/status') send(200, await parts.status())
  else if (req.method === 'GET' && req.url === '/pid') send(200, { pid: process.pid })
  else if (req.method === 'POST' && req.url === '/stop') {
    send(202, { pid: process.pid })
    parts.stop()
  } else send(404, { message: 'There are only GET /status, GET /pid and POST /stop.' })
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    // The socket is born with these rights (it is bound within the call); a chmod later would leave a gap.
    const before = process.umask(0o177)
    server.listen(path, resolve)
    process.umask(before)
  })
}

const socketPath = (runDir: string, name: string) => join(runDir, `control-${name}.sock`)

/** Every running process of the data folder, asked now. */
export async function runningProcesses(runDir: string): Promise<ProcessStatus[]> {
  return (await askAll<ProcessStatus>(runDir, 'GET', '/status')).filter((told) => told.pid !== undefined)
}

/** Ids of the processes that still answer, those that are about to end included. */
export async function livingProcesses(runDir: string): Promise<number[]> {
  return (await askAll<{ pid: number }>(runDir, 'GET', '/pid')).map(({ pid }) => pid)
}

/** Asks every running process to end; resolves to their ids once asked. */
export async function stopProcesses(runDir: string): Promise<number[]> {
  return (await askAll<{ pid: number }>(runDir, 'POST', '/stop')).map(({ pid }) => pid)
}

async function askAll<T>(runDir: string, method: string, url: string): Promise<T[]> {
  const names = await socketNames(runDir)
  const all = await Promise.all(names.map((name) => ask<T>(join(runDir, name), method, url)))
  return all.filter((told) => told !== null)
}

async function socketNames(runDir: string): Promise<string[]> {
  const names = await readdir(runDir).catch(() => [])
  return names.filter((name) => /^control-\w+\.sock$/.test(name)).sort()
}

/** Null where nobody answers on the socket. */
function ask<T>(path: string, method: string, url: string): Promise<T | null> {
  return new Promise((resolve) => {
    const req = request({ socketPath: path, method, path: url, timeout: answerMs }, async (res) => {
      try {
        const chunks: Buffer[] = []
        for await (const chunk of res) chunks.push(chunk as Buffer)
        resolve(JSON.parse(Buffer.concat(chunks).toString()) as T)
      } catch {
        resolve(null)
      }
    })
    req.on('timeout', () => req.destroy())
    req.on('error', () => resolve(null))
    req.end()
  })
}
