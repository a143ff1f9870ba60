import { isoTime } from '#sdk'
import type { Db } from '../db/types.ts'
import { removeEnded } from './rows.ts'

const dayMs = 86_400_000
const keptDays = { done: 7, cancelled: 7, failed: 30 } as const

/** Removes jobs that ended long ago; failed ones are kept longer, so that a person can look. */
export async function sweepJobs(db: Db, now: Date): Promise<void> {
  for (const [state, days] of Object.entries(keptDays) as [keyof typeof keptDays, number][])
    await removeEnded(db, state, isoTime(new Date(now.getTime() - days * dayMs)))
}
