import { defineJob, z } from '#contract'
import { type Log, ProblemError } from '#sdk'
import { up } from '../../../migrations/0002-jobs.ts'
import { type FakeClock, fakeClock } from '../../../test/kit/clock.ts'
import { databaseKinds, type TestDatabase, testDatabase } from '../../../test/kit/databases.ts'
import { createJobs, type JobSystem, type JobsOptions } from '../index.ts'

export const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} }

export const Numbered = z.strictObject({ n: z.number().int() })
/** Jobs that the worker of `worker.ts` knows too. */
export const count = defineJob({ name: 'test.count', payload: Numbered, concurrency: 10 })
export const hang = defineJob({ name: 'test.hang', payload: Numbered, leaseMs: 900 })
/** Its lease is not renewed as long as a test lasts. */
export const hangLong = defineJob({ name: 'test.hang-long', payload: Numbered, leaseMs: 3_600_000 })

/** An empty database with the jobs' tables, and job systems on it as if in several processes. */
export interface TestSite {
  database: TestDatabase
  clock: FakeClock
  /** Another job system on the same database. */
  another(options?: Partial<JobsOptions>): JobSystem
  jobs: JobSystem
  close(): Promise<void>
}

export async function testSite(
  kind: 'sqlite' | 'postgres',
  options: Partial<JobsOptions> = {},
): Promise<TestSite> {
  const database = await testDatabase(kind)
  await up(database.db)
  const clock = fakeClock()
  const made: JobSystem[] = []
  const another = (more: Partial<JobsOptions> = {}) => {
    const jobs = createJobs({ database, clock, log: quiet, random: () => 0.5, ...more })
    made.push(jobs)
    return jobs
  }
  const close = async () => {
    await Promise.all(made.map((jobs) => jobs.stop(0)))
    await database.close()
  }
  return { database, clock, another, jobs: another(options), close }
}

/** Runs a test on each kind of database, named after it. */
export function onEach(test: (name: string, work: () => Promise<void>) => void) {
  return (name: string, work: (site: TestSite) => Promise<void>) => {
    for (const kind of databaseKinds)
      test(`${name} (${kind})`, async () => {
        const site = await testSite(kind)
        await work(site).finally(site.close)
      })
  }
}

/** Checks that it is refused with the problem of that name. */
export async function refused(work: Promise<unknown>, name: string): Promise<void> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ProblemError) || error.problem.name !== name)
    throw new Error(`not refused with ${name} but ${error}`)
}

/** A promise and what settles it. */
export function gate<T = void>() {
  return Promise.withResolvers<T>()
}

/** Resolves when `look` gives something; looks again every few milliseconds. */
export async function until<T>(look: () => Promise<T | false | null | undefined>): Promise<T> {
  for (;;) {
    const seen = await look()
    if (seen) return seen
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
