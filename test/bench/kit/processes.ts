import { readdirSync, readFileSync } from 'node:fs'

/** What a set of processes has used. */
export interface Usage {
  /** User and system time, also of children that ended. */
  cpuS: number
  residentMb: number
}

const ticksPerSecond = 100

/** A process and everything below it, as ids; the first is the process itself. */
export function treeOf(pid: number): number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    const id = Number(name)
    const parent = Number.isInteger(id) ? Number(statOf(id)?.[1]) : Number.NaN
    if (!Number.isNaN(parent)) children.set(parent, [...(children.get(parent) ?? []), id])
  }
  const tree: number[] = []
  const rest = [pid]
  for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
    tree.push(next)
    rest.push(...(children.get(next) ?? []))
  }
  return tree
}

/** Command line of a process; empty when it is gone. */
export function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')
}

/** Sums up what these processes used so far. */
export function usageOf(pids: readonly number[]): Usage {
  let ticks = 0
  let residentMb = 0
  for (const pid of pids) {
    const stat = statOf(pid)
    if (!stat) continue
    ticks += Number(stat[11]) + Number(stat[12]) + Number(stat[13]) + Number(stat[14])
    residentMb += residentOf(pid)
  }
  return { cpuS: ticks / ticksPerSecond, residentMb }
}

function residentOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1]
  return Number(kilobytes ?? 0) / 1024
}

/** The fields behind the name, which may hold anything: [0] is the state, [1] the parent. */
function statOf(pid: number): string[] | undefined {
  const text = read(`/proc/${pid}/stat`)
  return text === '' ? undefined : text.slice(text.lastIndexOf(')') + 2).split(' ')
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
