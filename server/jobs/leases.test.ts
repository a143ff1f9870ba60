import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { defineJob } from '#contract'
import type { JobRun } from '#sdk'
import { fakeClock } from '../../test/kit/clock.ts'
import { count, gate, hang, Numbered, onEach, until } from './testdata/site.ts'

const test = suite('leases')
const on = onEach(test)

for (const end of ['ends', 'fails', 'speaks'] as const)
  on(
    `gives the job of a silent worker to another; that the silent one ${end} later changes nothing`,
    async (site) => {
      const { jobs, database } = site
      const silent = gate<JobRun>()
      const wakes = gate()
      jobs.jobsFor('a').handle(count, async (_payload, run) => {
        silent.resolve(run)
        await wakes.promise
        if (end === 'fails') throw new Error('too late to say')
      })
      const id = await jobs.jobsFor('a').enqueue(database.db, count, { n: 1 })
      const drained = jobs.drain()
      const first = await silent.promise

      const clock = fakeClock(site.clock.now())
      const other = site.another({ clock })
      const attempts: number[] = []
      const second = gate()
      other.jobsFor('a').handle(count, async (_payload, run) => {
        attempts.push(run.attempt)
        await second.promise
      })
      await other.drain()
      assert.equal(attempts, [], 'the lease still holds')
      clock.advance(30_001)
      const taken = other.drain()
      await until(async () => attempts.length === 1)
      if (end === 'speaks') {
        assert.instance(await first.progress(0.9).catch((e: Error) => e), Error)
        assert.is(first.signal.reason.why, 'lease lost')
      }
      wakes.resolve()
      await drained
      const during = await jobs.get(id)
      assert.equal([during.state, during.attempts, during.progress], ['running', 2, null])
      second.resolve()
      await taken
      const row = await jobs.get(id)
      assert.equal([row.state, row.attempts], ['done', 2])
    },
  )

on('counts a lost lease as an attempt and fails the job after the last', async (site) => {
  const fatal = defineJob({ name: 'test.fatal', payload: Numbered, attempts: 2 })
  const never = gate()
  const id = await site.jobs.jobsFor('a').enqueue(site.database.db, fatal, { n: 1 })
  const clock = fakeClock(site.clock.now())
  for (const attempt of [1, 2]) {
    const crashed = site.another({ clock: fakeClock(clock.now()) })
    const began = gate<number>()
    crashed.jobsFor('a').handle(fatal, async (_payload, run) => {
      began.resolve(run.attempt)
      await never.promise
    })
    crashed.drain().catch(() => {})
    assert.is(await began.promise, attempt)
    clock.advance(30_001)
    await site.another({ clock }).drain()
  }
  const row = await site.jobs.get(id)
  assert.is(row.state, 'failed')
  assert.is(row.lastError, 'The worker that ran this job fell silent.')
  never.resolve()
})

on('keeps the lease of a handler that takes long', async (site) => {
  const { another, database } = site
  const real = { now: () => new Date() }
  const [one, two] = [another({ clock: real }), another({ clock: real })]
  const brief = defineJob({ name: 'test.brief', payload: Numbered, leaseMs: 2_000 })
  let runs = 0
  for (const jobs of [one, two]) {
    jobs.jobsFor('a').handle(brief, async () => {
      runs += 1
      await new Promise((resolve) => setTimeout(resolve, 4_500))
    })
    await jobs.start()
  }
  const id = await one.jobsFor('a').enqueue(database.db, brief, { n: 1 })
  await until(async () => (await one.get(id)).state === 'done')
  assert.is(runs, 1)
})

on('stops a handler when its job was cancelled elsewhere', async (site) => {
  const real = { now: () => new Date() }
  const jobs = site.another({ clock: real })
  const aborted = gate<string>()
  const began = gate()
  jobs.jobsFor('a').handle(hang, async (_payload, run) => {
    began.resolve()
    await new Promise<void>((resolve) => run.signal.addEventListener('abort', () => resolve()))
    aborted.resolve(run.signal.reason.why)
  })
  await jobs.start()
  const id = await jobs.jobsFor('a').enqueue(site.database.db, hang, { n: 1 })
  await began.promise
  await site.jobs.cancel(id)
  assert.is(await aborted.promise, 'lease lost')
  assert.is((await jobs.get(id)).state, 'cancelled')
})

on('lets running jobs end when it stops, and begins no others [OPS-13]', async (site) => {
  const { jobs, database } = site
  const began = gate()
  const ends = gate()
  const own = jobs.jobsFor('a')
  own.handle(count, async ({ n }) => {
    if (n === 1) began.resolve()
    await ends.promise
  })
  const id = await own.enqueue(database.db, count, { n: 1 })
  await jobs.start()
  await began.promise
  const stopped = jobs.stop(60_000)
  const late = await own.enqueue(database.db, count, { n: 2 })
  ends.resolve()
  await stopped
  assert.is((await jobs.get(id)).state, 'done')
  assert.is((await jobs.get(late)).state, 'waiting')
})

on('gives back, uncounted, what does not end in the time to stop [OPS-13]', async (site) => {
  const { jobs, database } = site
  const own = jobs.jobsFor('a')
  const never = gate()
  let begun = 0
  own.handle(count, async ({ n }, run) => {
    begun += 1
    if (n === 1) return never.promise
    await new Promise<void>((resolve) => run.signal.addEventListener('abort', () => resolve()))
    if (n === 2) throw run.signal.reason
  })
  const ids = []
  for (const n of [1, 2, 3]) ids.push(await own.enqueue(database.db, count, { n }, { key: `k${n}` }))
  await jobs.start()
  await until(async () => begun === 3)
  await jobs.stop(10)
  const rows = await Promise.all(ids.map((id) => jobs.get(id)))
  assert.equal(
    rows.map((row) => [row.state, row.maxAttempts - row.attempts]),
    [
      ['waiting', 5],
      ['waiting', 5],
      ['done', 4],
    ],
  )
  never.resolve()
  const other = site.another()
  const attempts: number[] = []
  other.jobsFor('a').handle(count, async (_payload, run) => {
    attempts.push(run.attempt)
  })
  await other.drain()
  assert.equal(attempts, [2, 2], 'an attempt number never comes twice')
})

on('goes on when the database was away for a moment', async (site) => {
  const real = { now: () => new Date() }
  const { db } = site.database
  let isAway = false
  const errors: string[] = []
  const flaky = Object.assign(
    ((table: string) => {
      if (isAway) throw new Error('away')
      return db(table)
    }) as typeof db,
    {
      ...db,
      raw: (...args: Parameters<typeof db.raw>) =>
        isAway ? Promise.reject(new Error('away')) : db.raw(...args),
    },
  )
  const log = {
    debug() {},
    info() {},
    warn() {},
    error: (_fields: object, message: string) => void errors.push(message),
  }
  const jobs = site.another({ clock: real, log: log, database: { ...site.database, db: flaky as typeof db } })
  const brief = defineJob({ name: 'test.brief', payload: Numbered, leaseMs: 150 })
  const attempts: number[] = []
  const lost = gate<string>()
  jobs.jobsFor('a').handle(brief, async (_payload, run) => {
    attempts.push(run.attempt)
    if (run.attempt > 1) return
    isAway = true
    await new Promise<void>((resolve) => run.signal.addEventListener('abort', () => resolve()))
    lost.resolve(run.signal.reason.why)
  })
  jobs.jobsFor('a').handle(count, async () => {
    isAway = true
  })
  await jobs.start()
  const id = await jobs.jobsFor('a').enqueue(db, brief, { n: 1 })
  assert.is(await lost.promise, 'lease lost')
  await until(async () => errors.includes('the jobs could not be read'))
  isAway = false
  await until(async () => (await site.jobs.get(id)).state === 'done')
  assert.equal(attempts, [1, 2])
  await jobs.jobsFor('a').enqueue(db, count, { n: 1 })
  await until(async () => errors.includes('the end of a job could not be written down'))
  isAway = false
})

test.run()
