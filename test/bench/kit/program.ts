import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sleep } from './numbers.ts'

/** A program that a benchmark started. */
export interface Program {
  pid: number
  /** What it said on stderr, for an explanation. */
  said(): string
  stop(): Promise<void>
}

const stopWithinMs = 8_000

/** Starts a program that runs until it is stopped. */
export function launch(command: string, args: readonly string[], env: Record<string, string> = {}): Program {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } })
  let text = ''
  child.stderr.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-4_000)
  })
  if (child.pid === undefined) throw new Error(`${command} could not be started. Is it installed?`)
  return { pid: child.pid, said: () => text, stop: () => end(child) }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const killer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
  await exited
  clearTimeout(killer)
}

/** Runs a program to its end and returns what it printed; throws with its words when it fails. */
export function runToEnd(command: string, args: readonly string[], env: Record<string, string> = {}): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 64 * 2 ** 20,
  })
  if (error) throw new Error(`${command}: ${error.message}. Is it installed?`)
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr.slice(-2_000)}`)
  return stdout
}

/** Runs a script of the kit in a process of its own and reads the numbers it prints. */
export function numbersFrom(script: string, args: readonly string[]): number[] {
  const flags = ['--conditions=veza-source', '--import', 'tsx']
  return JSON.parse(runToEnd(process.execPath, [...flags, script, ...args])) as number[]
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** A folder for one run; the caller removes it. */
export async function scratch(): Promise<{ dir: string; remove(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'veza-bench-'))
  return { dir, remove: () => rm(dir, { recursive: true, force: true, maxRetries: 3 }) }
}

/** Asks until the answer is true; throws after a minute. */
export async function until(
  what: string,
  isTrue: () => Promise<boolean> | boolean,
  everyMs = 50,
): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`Waited a minute in vain: ${what}`)
    await sleep(everyMs)
  }
}
