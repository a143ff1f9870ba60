import { stat } from 'node:fs/promises'
import { uptime } from 'node:os'

/** Clocks are set after a start. */
const slackMs = 60_000

/** Whether the machine was started after a file was written: what it held in memory may never have come to the disk. */
export async function lostPower(path: string): Promise<boolean> {
  const { mtimeMs } = await stat(path)
  return mtimeMs < Date.now() - uptime() * 1000 + slackMs
}
