import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { defineJob, z } from '#contract'
import { type JobRun, newId } from '#sdk'
import { jobEnded, jobNotEnded, unknownJob } from './index.ts'
import { count, gate, Numbered, onEach, refused, until } from './testdata/site.ts'

const test = suite('job list')
const on = onEach(test)

on('puts a failed job back for a full round with new attempt numbers', async (site) => {
  const { jobs, clock, database } = site
  const shaky = defineJob({ name: 'test.shaky', payload: Numbered, attempts: 2 })
  const attempts: number[] = []
  let isWell = false
  jobs.jobsFor('a').handle(shaky, async (_payload, run) => {
    attempts.push(run.attempt)
    if (!isWell) throw new Error('no')
  })
  const id = await jobs.jobsFor('a').enqueue(database.db, shaky, { n: 1 })
  for (let i = 0; i < 3; i += 1) {
    await jobs.drain()
    clock.advance(3_600_000)
  }
  assert.equal(attempts, [1, 2])
  await jobs.retry(id)
  await jobs.drain()
  assert.equal(attempts, [1, 2, 3])
  const { runAt } = await jobs.get(id)
  assert.is(Date.parse(runAt) - clock.now().getTime(), 1125, 'the waits begin anew')
  isWell = true
  clock.advance(2000)
  await jobs.drain()
  assert.equal(attempts, [1, 2, 3, 4])
  assert.is((await jobs.get(id)).state, 'done')
  await refused(jobs.retry(id), jobNotEnded.name)
})

on('stores progress while the job runs', async ({ jobs, database }) => {
  const own = jobs.jobsFor('a')
  let during: unknown
  own.handle(count, async (_payload, run) => {
    await run.progress(0.25, 'reading')
    const { progress, progressNote } = await jobs.get(run.id)
    during = { progress, progressNote }
    await run.progress(7)
  })
  const id = await own.enqueue(database.db, count, { n: 1 })
  await jobs.drain()
  assert.equal(during, { progress: 0.25, progressNote: 'reading' })
  const { progress, progressNote } = await jobs.get(id)
  assert.equal({ progress, progressNote }, { progress: 1, progressNote: null })
})

on('cancels a waiting job at once', async ({ jobs, database }) => {
  let ran = 0
  jobs.jobsFor('a').handle(count, async () => {
    ran += 1
  })
  const id = await jobs.jobsFor('a').enqueue(database.db, count, { n: 1 })
  await jobs.cancel(id)
  await jobs.drain()
  assert.is(ran, 0)
  assert.is((await jobs.get(id)).state, 'cancelled')
  await refused(jobs.cancel(id), jobEnded.name)
  await jobs.retry(id)
  await jobs.drain()
  assert.is(ran, 1)
})

on('cancels a running job by its signal, whatever it makes of it', async ({ jobs, database }) => {
  const began = gate<JobRun>()
  const ended = gate()
  jobs.jobsFor('a').handle(count, async (_payload, run) => {
    began.resolve(run)
    await ended.promise
  })
  const id = await jobs.jobsFor('a').enqueue(database.db, count, { n: 1 })
  const drained = jobs.drain()
  const run = await began.promise
  await jobs.cancel(id)
  assert.is(run.signal.aborted, true)
  assert.is(run.signal.reason.why, 'cancelled')
  const late = await run.progress(0.5).catch((e: Error) => e)
  assert.instance(late, Error)
  ended.resolve()
  await drained
  assert.is((await jobs.get(id)).state, 'cancelled')
})

on('refuses to act on a job that is not there', async ({ jobs }) => {
  for (const id of [newId(), 'nonsense']) {
    await refused(jobs.cancel(id), unknownJob.name)
    await refused(jobs.retry(id), unknownJob.name)
    await refused(jobs.get(id), unknownJob.name)
  }
})

on('adds one job a key while it waits, also when twenty come at once', async ({ jobs, database: { db } }) => {
  const own = jobs.jobsFor('a')
  const ids = await Promise.all(
    Array.from({ length: 20 }, (_, n) => own.enqueue(db, count, { n }, { key: 'same' })),
  )
  assert.is(new Set(ids).size, 1)
  const other = await own.enqueue(db, count, { n: 99 }, { key: 'other' })
  assert.is.not(other, ids[0])
  assert.is((await jobs.counts()).waiting, 2)
  const began = gate()
  const ended = gate()
  own.handle(count, async () => {
    began.resolve()
    await ended.promise
  })
  const drained = jobs.drain()
  await began.promise
  const second = await own.enqueue(db, count, { n: 1 }, { key: 'same' })
  assert.is.not(second, ids[0], 'one that runs already may have read too early')
  ended.resolve()
  await drained
  assert.is((await jobs.counts()).done, 3)
})

on('keeps a retry beside a newer job with its key', async ({ jobs, clock, database: { db } }) => {
  const own = jobs.jobsFor('a')
  const seen: number[] = []
  own.handle(count, async ({ n }, run) => {
    seen.push(n)
    if (n !== 1 || run.attempt > 1) return
    await own.enqueue(db, count, { n: 2 }, { key: 'same', at: new Date(clock.now().getTime() + 60_000) })
    throw new Error('again')
  })
  await own.enqueue(db, count, { n: 1 }, { key: 'same' })
  await jobs.drain()
  assert.is((await jobs.counts()).waiting, 2)
  clock.advance(60_000)
  await jobs.drain()
  assert.equal(seen.sort(), [1, 1, 2])
})

on('lists the newest first, by state and name, page by page', async ({ jobs, database: { db } }) => {
  const own = jobs.jobsFor('a')
  const other = defineJob({ name: 'test.other', payload: Numbered })
  const ids: string[] = []
  for (let n = 0; n < 5; n += 1) ids.unshift(await own.enqueue(db, count, { n }))
  await own.enqueue(db, other, { n: 0 })
  await jobs.cancel(ids[4]!)
  const first = await jobs.list({ name: count.name, state: 'waiting', limit: 3 })
  assert.equal(
    first.items.map((row) => row.id),
    ids.slice(0, 3),
  )
  assert.equal(first.items[0]!.payloadJson, { n: 4 })
  const rest = await jobs.list({ name: count.name, state: 'waiting', after: first.next!, limit: 3 })
  assert.equal(rest, { items: rest.items, next: null })
  assert.equal(
    rest.items.map((row) => row.id),
    [ids[3]],
  )
  assert.is((await jobs.list({ limit: 10 })).items.length, 6)
})

on(
  'removes done jobs after a week and failed ones after a month',
  async ({ jobs, clock, database: { db } }) => {
    const own = jobs.jobsFor('a')
    const once = defineJob({ name: 'test.once', payload: Numbered, attempts: 1 })
    own.handle(count, async () => {})
    own.handle(once, async () => {
      throw new Error('no')
    })
    await own.enqueue(db, count, { n: 1 })
    await own.enqueue(db, once, { n: 1 })
    await jobs.drain()
    const sweep = async (days: number) => {
      clock.advance(days * 86_400_000)
      await own.enqueue(db, defineJob({ name: 'jobs.sweep', payload: z.strictObject({}) }), {})
      await jobs.drain()
      const left = await jobs.list({ limit: 9 })
      return left.items.map((row) => row.name).filter((name) => name !== 'jobs.sweep')
    }
    assert.equal(await sweep(6.9), ['test.once', 'test.count'])
    assert.equal(await sweep(0.2), ['test.once'])
    assert.equal(await sweep(22.8), ['test.once'])
    assert.equal(await sweep(0.2), [])
  },
)

on(
  'leaves the jobs of a disabled plugin waiting until it is enabled again',
  async ({ jobs, database: { db } }) => {
    const own = jobs.jobsFor('a')
    const began = gate<JobRun>()
    own.handle(count, async (_payload, run) => {
      began.resolve(run)
      await new Promise((_resolve, reject) =>
        run.signal.addEventListener('abort', () => reject(run.signal.reason)),
      )
    })
    own.every(defineJob({ name: 'a.tick', payload: z.strictObject({}) }), '* * * * *')
    const id = await own.enqueue(db, count, { n: 1 })
    await jobs.start()
    await began.promise
    await jobs.dropOwner('a')
    const later = await own.enqueue(db, count, { n: 2 })
    await jobs.drain()
    for (const waiting of [id, later]) assert.is((await jobs.get(waiting)).state, 'waiting')
    const { attempts, maxAttempts } = await jobs.get(id)
    assert.is(maxAttempts - attempts, 5, 'the attempt that was stopped does not count')
    jobs.jobsFor('a').handle(count, async () => {})
    jobs.jobsFor('a').every(defineJob({ name: 'a.tick', payload: z.strictObject({}) }), '* * * * *')
    await until(async () => (await jobs.counts()).done === 2)
  },
)

test.run()
