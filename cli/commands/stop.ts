import { setTimeout as wait } from 'node:timers/promises'
import { livingProcesses, stopProcesses } from '../../server/admin/control.ts'
import { VezaError } from '../../server/errors.ts'
import { runFolder } from '../../server/main.ts'
import { existingData } from '../appliance.ts'
import type { CommandRun } from '../command.ts'
import { print } from '../output.ts'

const patienceMs = 40_000
/** From its last answer to its end a process needs only moments. */
const lastMomentsMs = 3000

/** `veza stop`: asks every process of the data folder to end, and waits until they have. */
const run: CommandRun = async (options) => {
  const dataDir = existingData(options)
  const runDir = runFolder(dataDir)
  const pids = await stopProcesses(runDir)
  if (pids.length === 0)
    throw new VezaError(`No server runs on ${dataDir}.`, `Start it with: veza start --data ${dataDir}`)
  const answers = async () => (await livingProcesses(runDir)).some((pid) => pids.includes(pid))
  if (!(await isOverWithin(patienceMs, answers)))
    throw new VezaError(
      `The server was asked to stop but still runs (process ${pids.join(', ')}).`,
      `See \`veza logs\`; as a last resort: kill -9 ${pids.join(' ')}`,
    )
  // An id of another container means nothing here, so that this wait may be in vain.
  await isOverWithin(lastMomentsMs, async () => pids.some(exists))
  print(options, { stopped: pids }, 'The server has stopped.')
}

async function isOverWithin(ms: number, goesOn: () => Promise<boolean>): Promise<boolean> {
  for (const until = Date.now() + ms; Date.now() < until; await wait(50)) if (!(await goesOn())) return true
  return false
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

export default run
