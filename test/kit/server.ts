import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../tools/servers.ts'
import { prepare } from './prepared.ts'
import { eventually } from './wait.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

export interface ServerOptions {
  /** Initialised where it is not yet; one of its own, removed by `close`, unless said. */
  dataDir?: string
  env?: Record<string, string>
  roles?: readonly string[]
  /** False: start without the owner, so that the set-up link is open. */
  withOwner?: boolean
  /** How people call this machine; passkeys need a name. */
  host?: '127.0.0.1' | 'localhost'
}

export interface Ran {
  code: number | null
  stdout: string
  stderr: string
}

/** The real server as a child process, started by the real command on ports of its own. */
export interface RunningServer {
  url: string
  port: number
  rtmpPort: number
  dataDir: string
  owner: { email: string; password: string }
  /** Of the running process. */
  readonly pid: number
  /** All that it printed, over all its starts. */
  output(): string
  /** `veza <args>` with this data folder and these ports. */
  cli(args: string[], env?: Record<string, string>): Promise<Ran>
  /** Ends the process so and waits until it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** SIGTERM; the exit code. Harmless when it is gone already. */
  stop(): Promise<number | null>
  /** Stops it where it runs, then starts it on the same data and ports and waits until it is ready. */
  restart(env?: Record<string, string>): Promise<void>
  /** Stops it and removes its data folder. */
  close(): Promise<void>
}

const alive = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

/** Makes a data folder as `veza init` does, starts `veza start` on free ports and waits for `/health/ready`. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'veza-')))
  const [port, rtmpPort] = [await freePort(), await freePort()]
  const server = new Process({ dataDir, port, rtmpPort, options })
  try {
    await server.initialise()
    await server.restart()
  } catch (error) {
    await server.close()
    throw error
  }
  return server
}

interface Place {
  dataDir: string
  port: number
  rtmpPort: number
  options: ServerOptions
}

class Process implements RunningServer {
  readonly url: string
  readonly port: number
  readonly rtmpPort: number
  readonly dataDir: string
  readonly owner = { email: 'owner@label.test', password: 'correct horse battery' }
  readonly #options: ServerOptions
  #child: ChildProcess | undefined
  #said = ''

  constructor({ dataDir, port, rtmpPort, options }: Place) {
    this.url = `http://${options.host ?? '127.0.0.1'}:${port}`
    this.port = port
    this.rtmpPort = rtmpPort
    this.dataDir = dataDir
    this.#options = options
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  output(): string {
    return this.#said
  }

  async initialise(): Promise<void> {
    const { dataDir, url } = this
    if (existsSync(join(dataDir, 'config.yaml'))) return
    if (this.#options.withOwner === false) return this.#init(dataDir)
    await prepare({ dataDir, url, env: this.#options.env ?? {} }, (folder) => this.#init(folder))
  }

  async #init(dataDir: string): Promise<void> {
    const passwordFile = join(this.dataDir, '..', `${this.port}.password`)
    const owner = ['--admin-email', this.owner.email, '--admin-password-file', passwordFile]
    await writeFile(passwordFile, this.owner.password, { mode: 0o600 })
    const wanted = this.#options.withOwner === false ? [] : owner
    const where = ['--data', dataDir, '--url', this.url]
    const { code, stderr } = await this.cli(['init', '--yes', ...where, ...wanted])
    await rm(passwordFile)
    if (code !== 0) throw new Error(`veza init failed: ${stderr}`)
  }

  async cli(args: string[], env?: Record<string, string>): Promise<Ran> {
    const where = args.includes('--data') ? [] : ['--data', this.dataDir]
    const child = this.#spawn([...args, ...where], env)
    const ran: Ran = { code: null, stdout: '', stderr: '' }
    child.stdout?.on('data', (chunk: Buffer) => (ran.stdout += chunk))
    child.stderr?.on('data', (chunk: Buffer) => (ran.stderr += chunk))
    const timer = setTimeout(() => child.kill('SIGKILL'), 120_000)
    const [code] = (await once(child, 'close')) as [number | null]
    clearTimeout(timer)
    return { ...ran, code }
  }

  async restart(env: Record<string, string> = {}): Promise<void> {
    await this.stop()
    const roles = this.#options.roles ? ['--roles', this.#options.roles.join(',')] : []
    const child = this.#spawn(['start', '--data', this.dataDir, ...roles], env)
    this.#child = child
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.#said += chunk))
    await eventually(`the server to be ready; it said:\n${this.#said}`, async () => {
      if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}:\n${this.#said}`)
      const answer = await fetch(`${this.url}/health/ready`).catch(() => null)
      return answer?.status === 200
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${this.#said}`)
    })
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    await this.#end(signal)
  }

  async stop(): Promise<number | null> {
    return this.#end('SIGTERM')
  }

  async close(): Promise<void> {
    await this.stop()
    if (!this.#options.dataDir) await rm(this.dataDir, { recursive: true, force: true, maxRetries: 3 })
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child
    if (!child) return null
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit')
      child.kill(signal)
      await gone
    }
    return child.exitCode
  }

  #spawn(args: string[], env: Record<string, string> = {}): ChildProcess {
    const child = spawn(process.execPath, [...program(), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...plainEnvironment(), ...this.#ports(), ...this.#options.env, ...env },
    })
    alive.add(child)
    child.once('exit', () => alive.delete(child))
    return child
  }

  #ports(): Record<string, string> {
    return {
      VEZA_HTTP_HOST: '127.0.0.1',
      VEZA_HTTP_PORT: String(this.port),
      VEZA_RTMP_HOST: '127.0.0.1',
      VEZA_RTMP_PORT: String(this.rtmpPort),
      VEZA_ICECAST_PORT: '0',
    }
  }
}

/**
 * What node is to run: the built command where VEZA_TEST_BUILT is 1, as in the whole run, where it costs a third of
 * the sources' time; else the sources.
 */
export function program(): string[] {
  if (process.env.VEZA_TEST_BUILT === '1') return [join(root, 'dist/cli/main.js')]
  return [...process.execArgv, join(root, 'cli/main.ts')]
}

/** Settings of whoever runs the tests must not reach the server. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('VEZA_') || name === 'VEZA_FFMPEG',
  )
  return Object.fromEntries(kept)
}
