import { type ChildProcess, fork } from 'node:child_process'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Child, Log } from '#sdk'
import { plainEnvironment } from './environment.ts'
import { logOutput } from './output.ts'

export interface ChildOptions {
  log: Log
  /** Added to the plain environment; the child gets nothing else of ours. */
  env?: Record<string, string>
  execArgv?: string[]
}

/** A child that is started again when it dies, and how often that was. */
export interface SupervisedChild extends Child {
  readonly restarts: number
}

const firstDelayMs = 200
const longestDelayMs = 10_000
/** Alive for that long, a child counts as well again. */
const steadyMs = 30_000
const stopGraceMs = 5000
const maxQueued = 1000
/** A child passes bytes on all the time: with few arenas the C library gives the memory of spent buffers back. */
const smallArenas = { MALLOC_ARENA_MAX: '2' }

/**
 * Runs a module as a child process and keeps it alive. Messages sent while it is down wait for the next start, the
 * newest thousand of them. The module must end by itself on `disconnect`: our own death is all it then hears of us.
 */
export function superviseChild(module: URL, options: ChildOptions): SupervisedChild {
  const supervisor = new Supervisor(module, options)
  supervisor.start()
  return supervisor
}

class Supervisor implements SupervisedChild {
  restarts = 0
  readonly #path: string
  readonly #options: ChildOptions
  readonly #fields: { child: string }
  readonly #messageListeners: ((message: unknown) => void)[] = []
  readonly #startListeners: (() => void)[] = []
  readonly #queue: unknown[] = []
  #process: ChildProcess | null = null
  #isUp = false
  #isStopped = false
  #delayMs = firstDelayMs
  #timer: NodeJS.Timeout | undefined

  constructor(module: URL, options: ChildOptions) {
    this.#path = fileURLToPath(module)
    this.#options = options
    this.#fields = { child: basename(this.#path).replace(/\.[jt]s$/, '') }
  }

  get isRunning(): boolean {
    return this.#isUp
  }

  get pid(): number | undefined {
    return this.#process?.pid
  }

  start(): void {
    const startedAt = performance.now()
    const child = fork(this.#path, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...plainEnvironment(), ...smallArenas, ...this.#options.env },
      // Said outright: the default would pass on our own flags.
      execArgv: this.#options.execArgv ?? sourceFlags(this.#path),
    })
    this.#process = child
    const { log } = this.#options
    if (child.stdout) logOutput(child.stdout, log, this.#fields, 'info')
    if (child.stderr) logOutput(child.stderr, log, this.#fields, 'warn')
    child.on('spawn', () => this.#started())
    child.on('message', (message) => {
      for (const listener of this.#messageListeners) listener(message)
    })
    child.on('error', (error) => {
      log.error({ ...this.#fields, err: error }, 'A child process has a fault.')
      // One that never started has no exit to follow.
      if (child.pid === undefined) this.#ended(startedAt, null, null)
    })
    child.on('exit', (code, signal) => this.#ended(startedAt, code, signal))
  }

  #started(): void {
    this.#isUp = true
    for (const listener of this.#startListeners) listener()
    for (const message of this.#queue.splice(0)) this.send(message)
  }

  #ended(startedAt: number, code: number | null, signal: NodeJS.Signals | null): void {
    this.#isUp = false
    this.#process = null
    if (this.#isStopped) return
    if (performance.now() - startedAt >= steadyMs) this.#delayMs = firstDelayMs
    const delayMs = this.#delayMs
    this.#options.log.warn(
      { ...this.#fields, code, signal, delayMs },
      'A child process died; it is started again.',
    )
    this.#delayMs = Math.min(delayMs * 2, longestDelayMs)
    this.#timer = setTimeout(() => {
      this.restarts += 1
      this.start()
    }, delayMs)
  }

  send(message: unknown): void {
    if (this.#isStopped) return
    if (this.#isUp && this.#process?.connected) {
      // It died meanwhile: its exit says so.
      this.#process.send(message as object, () => {})
      return
    }
    if (this.#queue.length >= maxQueued) this.#queue.shift()
    this.#queue.push(message)
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#messageListeners.push(listener)
  }

  onStart(listener: () => void): void {
    this.#startListeners.push(listener)
    if (this.#isUp) listener()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    const child = this.#process
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exited = new Promise<void>((done) => child.once('exit', () => done()))
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), stopGraceMs)
    await exited
    clearTimeout(timer)
  }
}

/** From sources a child needs the same loader as we; from dist nothing. */
function sourceFlags(path: string): string[] {
  if (!path.endsWith('.ts')) return []
  // What lets this process run sources; a debugger has its port for itself.
  const own = process.execArgv.filter((flag) => !flag.startsWith('--inspect'))
  return own.length > 0 ? own : ['--conditions=veza-source', '--import', import.meta.resolve('tsx')]
}
