import { setTimeout as delay } from 'node:timers/promises'
import { claimRoles } from '../server/admin/control.ts'
import { runFolder } from '../server/main.ts'
import type { CommandDesk } from '../server/sdk/index.ts'
import type { Site } from '../server/sites/site.ts'
import { existingData } from './appliance.ts'
import type { GlobalOptions } from './output.ts'

const lineEveryMs = 5000
const drawEveryMs = 100
const lookEveryMs = 300
const graceMs = 10_000
const clearLine = '\r\x1b[K'

/** Gives a plugin's command the terminal and the jobs of its site; afterwards the line is gone and nothing runs. */
export async function withCommandDesk<T>(
  options: GlobalOptions,
  site: Site,
  work: (desk: CommandDesk) => Promise<T>,
): Promise<T> {
  const line = progressLine(options)
  const ending = new AbortController()
  // The second Ctrl-C ends the process at once.
  const onSignal = () => ending.abort()
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  try {
    return await work({
      progress: line.show,
      signal: ending.signal,
      doJobsUntil: (isDone) => doJobsUntil(site, runFolder(existingData(options)), isDone, ending.signal),
      isDone: async ({ name }) => {
        for (const state of ['waiting', 'running'] as const)
          if ((await site.jobs.list({ name, state, limit: 1 })).items.length > 0) return false
        return true
      },
    })
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
    line.end()
  }
}

function progressLine({ json }: GlobalOptions): { show(line: string): void; end(): void } {
  const { stderr } = process
  let shownAt = 0
  let isDrawn = false
  return {
    show: (line) => {
      const now = Date.now()
      if (json || now - shownAt < (stderr.isTTY ? drawEveryMs : lineEveryMs)) return
      shownAt = now
      isDrawn = true
      stderr.write(stderr.isTTY ? `${clearLine}${fitting(line, stderr.columns)}` : `${line}\n`)
    },
    end: () => {
      if (isDrawn && stderr.isTTY) stderr.write(clearLine)
    },
  }
}

/** A longer line would be left standing when the next is drawn. */
const fitting = (line: string, columns = 80): string => [...line].slice(0, columns - 1).join('')

/** A server that has the worker's role does them; this process does while there is none. */
async function doJobsUntil(
  { jobs }: Site,
  runDir: string,
  isDone: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<void> {
  let isWorking = false
  try {
    while (!signal.aborted && !(await isDone())) {
      if (!isWorking && (await isWorkerFree(runDir))) {
        isWorking = true
        await jobs.start()
      }
      await delay(lookEveryMs, undefined, { signal }).catch(() => {})
    }
  } finally {
    if (isWorking) await jobs.stop(graceMs)
  }
}

/** Let go of at once, so that a server can start beside a long command: two workers never do one job twice. */
async function isWorkerFree(runDir: string): Promise<boolean> {
  const release = await claimRoles(runDir, ['worker']).catch(() => null)
  release?.()
  return release !== null
}
