import type { Job } from '#contract'
import type { JobRun } from '#sdk'
import { type Cron, parseCron } from './cron.ts'

/** A job that this process knows how to do. */
export interface Handled {
  owner: string
  job: Job<unknown>
  work(payload: unknown, run: JobRun): Promise<void>
}

/** A job that runs by the clock. */
export interface Schedule {
  owner: string
  job: Job<Record<string, never>>
  cron: Cron
  /** The tick this process looked at last; null before the first look. */
  seen: number | null
}

/** What the plugins of this process registered, each with its owner. */
export interface Registry {
  handle(entry: Handled): void
  schedule(owner: string, job: Job<Record<string, never>>, line: string): void
  find(name: string): Handled | undefined
  handled(): Handled[]
  schedules(): Schedule[]
  drop(owner: string): void
}

/** An empty registry; `changed` is called when something is added. */
export function createRegistry(changed: () => void): Registry {
  const handlers = new Map<string, Handled>()
  const schedules = new Map<string, Schedule>()
  return {
    handle: (entry) => {
      const { name } = entry.job
      const other = handlers.get(name)
      if (other) throw new Error(`The job ${name} already has a handler, by ${other.owner}.`)
      handlers.set(name, entry)
      changed()
    },
    schedule: (owner, job, line) => {
      if (schedules.has(job.name)) throw new Error(`The job ${job.name} already has a schedule.`)
      schedules.set(job.name, { owner, job, cron: parseCron(line), seen: null })
      changed()
    },
    find: (name) => handlers.get(name),
    handled: () => [...handlers.values()],
    schedules: () => [...schedules.values()],
    drop: (owner) => {
      for (const entries of [handlers, schedules])
        for (const [name, entry] of entries) if (entry.owner === owner) entries.delete(name)
    },
  }
}
