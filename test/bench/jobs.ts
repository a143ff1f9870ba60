import Bull from 'bull'
import { defineJob, z } from '#contract'
import type { Log } from '#sdk'
import { up } from '../../migrations/0002-jobs.ts'
import { createJobs } from '../../server/jobs/index.ts'
import { testDatabase } from '../kit/databases.ts'
import { interleave, sleep, spread } from './kit/numbers.ts'
import type { Finding } from './kit/report.ts'

const jobCount = 1_000
const rounds = 3
const concurrency = 10

/** Seconds until all jobs had run, the time to hand them over included, and CPU seconds of this process. */
interface Run {
  allS: number
  cpuS: number
}

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} }
const trivial = defineJob({ name: 'bench.trivial', payload: z.strictObject({ n: z.number() }), concurrency })

async function timed(work: () => Promise<void>): Promise<Run> {
  const [started, cpu] = [performance.now(), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(cpu)
  return { allS: (performance.now() - started) / 1000, cpuS: (user + system) / 1e6 }
}

async function own(kind: 'sqlite' | 'postgres'): Promise<Run> {
  const database = await testDatabase(kind)
  await up(database.db)
  const jobs = createJobs({ database, log: quiet })
  const done = Promise.withResolvers<void>()
  let left = jobCount
  jobs.jobsFor('bench').handle(trivial, async () => {
    if (--left === 0) done.resolve()
  })
  await jobs.start()
  try {
    return await timed(async () => {
      for (let n = 0; n < jobCount; n++) await jobs.jobsFor('bench').enqueue(database.db, trivial, { n })
      await done.promise
    })
  } finally {
    await jobs.stop(1_000)
    await database.close()
  }
}

async function bull(redis: string): Promise<Run> {
  const queue = new Bull(`bench-${process.pid}`, redis)
  const done = Promise.withResolvers<void>()
  let left = jobCount
  await queue.isReady()
  void queue.process(concurrency, async () => {
    if (--left === 0) done.resolve()
  })
  await sleep(500)
  try {
    return await timed(async () => {
      for (let n = 0; n < jobCount; n++) await queue.add({ n }, { removeOnComplete: true })
      await done.promise
    })
  } finally {
    await queue.obliterate({ force: true })
    await queue.close()
  }
}

/** Durable jobs one by one, as requests make them. */
export async function jobs(): Promise<Finding> {
  const redis = process.env.VEZA_TEST_REDIS_URL
  if (!redis || !process.env.VEZA_TEST_POSTGRES_URL)
    throw new Error('Set VEZA_TEST_POSTGRES_URL and VEZA_TEST_REDIS_URL to a PostgreSQL and a Redis.')
  const found = await interleave(rounds, {
    'Veza on SQLite': () => own('sqlite'),
    'Veza on PostgreSQL': () => own('postgres'),
    'bull on Redis': () => bull(redis),
  })
  const rows = Object.entries(found).map(([name, runs]) => [
    name,
    spread(
      runs.map((one) => jobCount / one.allS),
      0,
    ),
    spread(
      runs.map((one) => (one.cpuS * 1000) / jobCount),
      2,
    ),
  ])
  return {
    name: 'jobs',
    title: 'Jobs: 1,000 trivial ones',
    how: `Enqueued one after the other, each durable when the call returns, and run ${concurrency} at a time in the same process; from the first call to the last job's end. Redis keeps its jobs in memory, the databases on disk. Median of ${rounds} rounds in turns (least to greatest); CPU of the process without the database servers.`,
    columns: ['queue', 'jobs/s', 'CPU ms per job'],
    rows,
    aims: [],
  }
}
