import { isoTime } from '#sdk'
import type { Clock } from '../clock.ts'
import type { Db } from '../db/types.ts'
import type { Enqueuer } from './enqueue.ts'
import type { Registry, Schedule } from './registry.ts'

// A recorded tick farther ahead than this came from a clock that was wrong, not from one that was set back.
const wrongClockMs = 86_400_000

/** Turns the ticks of scheduled jobs into waiting jobs, once each over all processes. */
export interface Ticker {
  /** Adds the jobs whose tick has come since the last recorded one; of several missed ticks only the last. */
  tick(): Promise<void>
  /** When the next tick comes, as ms since 1970; Infinity without schedules. */
  nextAt(): number
}

export function createTicker(db: Db, clock: Clock, registry: Registry, enqueuer: Enqueuer): Ticker {
  return {
    tick: async () => {
      const now = clock.now()
      for (const schedule of registry.schedules()) {
        const at = schedule.cron.latest(now)
        if (schedule.seen === at.getTime()) continue
        if (schedule.seen === null) await beginSchedule(db, schedule.job.name, now)
        await db.tx(async (db) => {
          if (!(await takeTick(db, schedule, at))) return
          // While the job of an earlier tick still waits, one is enough.
          await enqueuer.one(db, { job: schedule.job, payload: {}, key: 'schedule' })
        })
        schedule.seen = at.getTime()
      }
    },
    nextAt: () => {
      const now = clock.now()
      return Math.min(...registry.schedules().map((schedule) => schedule.cron.next(now).getTime()))
    },
  }
}

/** A job seen for the first time has missed nothing: its ticks count from now. */
async function beginSchedule(db: Db, name: string, now: Date): Promise<void> {
  const lastTickAt = isoTime(now)
  await db('jobSchedules').insert({ name, lastTickAt }).onConflict().ignore()
  const tooFar = isoTime(new Date(now.getTime() + wrongClockMs))
  await db('jobSchedules').where({ name }).where('lastTickAt', '>', tooFar).update({ lastTickAt })
}

/** Whether the tick is this worker's to run; ticks only go forward, whatever the clock does. */
async function takeTick(db: Db, { job }: Schedule, at: Date): Promise<boolean> {
  const taken = await db('jobSchedules')
    .where('name', job.name)
    .where('lastTickAt', '<', isoTime(at))
    .update({ lastTickAt: isoTime(at) })
  return taken === 1
}
