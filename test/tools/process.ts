import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'

/** How a finished command ended; `output` is stdout and stderr in the order they came. */
export type Finished = { code: number; output: string; ms: number }

const running = new Set<ChildProcess>()

/** Starts a child in a process group of its own, so that `endGroup` also ends what it started. */
export function startGroup(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, { ...options, detached: true })
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

/** Ends a child and everything in its group. */
export function endGroup(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // The group is gone already, which is what was wanted.
  }
}

/** Ends every group that is still running; for an interrupted run. */
export function endAllGroups(): void {
  for (const child of running) endGroup(child)
}

/** Runs a command to its end and collects its output. Never rejects: a command that cannot start has code 127. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: SpawnOptions & { timeoutMs?: number } = {},
): Promise<Finished> {
  const start = performance.now()
  const { timeoutMs = 600_000, ...rest } = options
  return new Promise((resolve) => {
    let output = ''
    const child = startGroup(command, args, { ...rest, stdio: ['ignore', 'pipe', 'pipe'] })
    const timer = setTimeout(() => {
      output += `\nended after ${timeoutMs / 1000} s\n`
      endGroup(child)
    }, timeoutMs)
    const finish = (code: number) => {
      clearTimeout(timer)
      resolve({ code, output, ms: performance.now() - start })
    }
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk))
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk))
    child.once('error', (error) => {
      output += error.message
      finish(127)
    })
    child.once('close', (code) => finish(code ?? 1))
  })
}
