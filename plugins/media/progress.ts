import type { JobRun } from '#sdk'
import { type AssetRow, changeAsset } from './assets.ts'
import { type Desk, tell } from './desk.ts'

const everyMs = 1000

/** Stores and tells how far a job is, at most once a second; `end` resolves when nothing is on its way any more. */
export function progressOf(desk: Desk, asset: AssetRow, run: JobRun) {
  let lastAt = 0
  let writing: Promise<void> = Promise.resolve()
  const write = async (progress: number) => {
    await run.progress(progress)
    await changeAsset(desk.ctx.db, asset.id, [asset.state], { progress })
    tell(desk, { ...asset, progress })
  }
  return {
    at: (progress: number): void => {
      const now = Date.now()
      if (now - lastAt < everyMs || run.signal.aborted) return
      lastAt = now
      // A lost lease is told by the run's signal; a database that is away, by the next query.
      writing = writing.then(() => write(progress)).catch(() => {})
    },
    end: (): Promise<void> => writing,
  }
}
