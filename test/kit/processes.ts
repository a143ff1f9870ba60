import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { eventually } from './wait.ts'

/** Children of a process whose command line holds a text. */
export async function childrenOf(pid: number, text: string): Promise<number[]> {
  const found: number[] = []
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const [stat, command] = await Promise.all([read(`/proc/${name}/stat`), read(`/proc/${name}/cmdline`)])
    // The name in parentheses may hold spaces; the parent is the second field behind it.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    if (parent === pid && command.includes(text)) found.push(Number(name))
  }
  return found
}

/** Kills it at once; false where it has ended already. */
export function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}

/** Open files and memory in use. */
export async function costOf(pid: number): Promise<{ files: number; rssMb: number }> {
  const status = await read(`/proc/${pid}/status`)
  const files = await readdir(`/proc/${pid}/fd`)
  return { files: files.length, rssMb: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024 }
}

const read = (path: string) => readFile(path, 'utf8').catch(() => '')

/** Programs whose command line holds a text, whoever's children they are; not this one. */
export async function processesWith(text: string): Promise<number[]> {
  const found: number[] = []
  for (const name of await readdir('/proc'))
    if (
      /^\d+$/.test(name) &&
      Number(name) !== process.pid &&
      (await read(`/proc/${name}/cmdline`)).includes(text)
    )
      found.push(Number(name))
  return found
}

/**
 * MB of the heap that are reachable: asks the process, by its inspector, to collect what is garbage first. The process
 * needs `--inspect-port=127.0.0.1:0` in its NODE_OPTIONS, so that two of them do not want one port.
 */
export async function heapOf(server: { readonly pid: number; output(): string }): Promise<number> {
  process.kill(server.pid, 'SIGUSR1')
  const address = await eventually(
    'the inspector to listen',
    async () => /ws:\/\/127\.0\.0\.1:\S+/.exec(server.output())?.[0],
  )
  const socket = new WebSocket(address)
  try {
    await once(socket, 'open')
    const ask = async (id: number, method: string): Promise<{ usedSize: number }> => {
      const answer = once(socket, 'message')
      socket.send(JSON.stringify({ id, method }))
      return JSON.parse((await answer)[0].data).result
    }
    await ask(1, 'HeapProfiler.collectGarbage')
    return (await ask(2, 'Runtime.getHeapUsage')).usedSize / 2 ** 20
  } finally {
    socket.close()
  }
}
