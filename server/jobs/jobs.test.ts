import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { defineJob, z } from '#contract'
import { backoffMs } from './endings.ts'
import { createJobs, createSlots } from './index.ts'
import { count, gate, Numbered, onEach, quiet, testSite, until } from './testdata/site.ts'

const test = suite('jobs')
const on = onEach(test)

on('runs a job once and keeps it as done [OPS-05]', async ({ jobs, database: { db } }) => {
  const seen: unknown[] = []
  jobs.jobsFor('a').handle(count, async (payload, run) => {
    seen.push(payload, run.attempt)
  })
  const id = await jobs.jobsFor('a').enqueue(db, count, { n: 7 })
  assert.equal(await jobs.counts(), { waiting: 1, running: 0, done: 0, failed: 0, cancelled: 0 })
  await jobs.drain()
  await jobs.drain()
  assert.equal(seen, [{ n: 7 }, 1])
  const row = await jobs.get(id)
  assert.is(row.state, 'done')
  assert.is(row.leaseUntil, null)
  assert.ok(row.finishedAt)
})

on('refuses a payload that does not fit, before anything is stored', async ({ jobs, database: { db } }) => {
  const wrong = { n: 'seven' } as unknown as { n: number }
  const error = await jobs
    .jobsFor('a')
    .enqueue(db, count, wrong)
    .catch((e: Error) => e)
  assert.match(String(error), /The payload of test.count does not fit: \/n /)
  const dated = defineJob({ name: 'test.dated', payload: z.strictObject({ at: z.date() }) })
  const lost = await jobs
    .jobsFor('a')
    .enqueue(db, dated, { at: new Date() })
    .catch((e: Error) => e)
  assert.instance(lost, Error)
  assert.is((await jobs.counts()).waiting, 0)
})

on('checks the stored payload again before the handler sees it', async ({ jobs, database: { db } }) => {
  const old = defineJob({ name: count.name, payload: z.strictObject({ old: z.string() }), attempts: 1 })
  const id = await jobs.jobsFor('a').enqueue(db, old, { old: 'form' })
  let ran = 0
  jobs.jobsFor('a').handle(count, async () => {
    ran += 1
  })
  await jobs.drain()
  assert.is(ran, 0)
  const row = await jobs.get(id)
  assert.is(row.state, 'failed')
  assert.match(row.lastError!, /does not fit/)
})

on('tries again after growing waits, then gives up and keeps the reason [OPS-05]', async (site) => {
  const { jobs, clock, database } = site
  const shaky = defineJob({ name: 'test.shaky', payload: Numbered, attempts: 3, backoffMs: 1000 })
  const attempts: number[] = []
  jobs.jobsFor('a').handle(shaky, async (_payload, run) => {
    attempts.push(run.attempt)
    throw new Error(`no luck ${run.attempt}`)
  })
  const id = await jobs.jobsFor('a').enqueue(database.db, shaky, { n: 1 })
  await jobs.drain()
  assert.equal(attempts, [1])
  assert.is((await jobs.get(id)).state, 'waiting')
  clock.advance(1124)
  await jobs.drain()
  assert.equal(attempts, [1])
  clock.advance(1)
  await jobs.drain()
  assert.equal(attempts, [1, 2])
  clock.advance(2249)
  await jobs.drain()
  assert.equal(attempts, [1, 2])
  clock.advance(1)
  await jobs.drain()
  assert.equal(attempts, [1, 2, 3])
  const row = await jobs.get(id)
  assert.is(row.state, 'failed')
  assert.is(row.lastError, 'no luck 3')
})

on('runs the urgent first, then the oldest, and nothing before its time', async (site) => {
  const { clock, database } = site
  const jobs = site.another({ slots: createSlots(1) })
  const own = jobs.jobsFor('a')
  const order: number[] = []
  own.handle(count, async ({ n }) => {
    order.push(n)
  })
  await own.enqueue(database.db, count, { n: 3 })
  await own.enqueue(database.db, count, { n: 4 })
  await own.enqueue(database.db, count, { n: 1 }, { priority: 5 })
  await own.enqueue(database.db, count, { n: 2 }, { at: new Date(clock.now().getTime() - 1000) })
  await own.enqueue(database.db, count, { n: 5 }, { at: new Date(clock.now().getTime() + 1000), priority: 9 })
  await jobs.drain()
  assert.equal(order, [1, 2, 3, 4])
  clock.advance(1000)
  await jobs.drain()
  assert.equal(order, [1, 2, 3, 4, 5])
})

on('runs no more of a job at once than it allows, and others beside it', async (site) => {
  const { jobs, database } = site
  const narrow = defineJob({ name: 'test.narrow', payload: Numbered, concurrency: 2, priority: 1 })
  const own = jobs.jobsFor('a')
  const ends = gate()
  const now = { narrow: 0, count: 0 }
  const most = { narrow: 0, count: 0 }
  const track = (what: 'narrow' | 'count') => async () => {
    now[what] += 1
    most[what] = Math.max(most[what], now[what])
    if (now.narrow === 2 && now.count === 8) ends.resolve()
    await ends.promise
    await new Promise(setImmediate)
    now[what] -= 1
  }
  own.handle(narrow, track('narrow'))
  own.handle(count, track('count'))
  for (let n = 0; n < 30; n += 1) await own.enqueue(database.db, n % 2 ? count : narrow, { n })
  await jobs.drain()
  assert.is(most.narrow, 2)
  // Ten at once in all.
  assert.ok(most.count >= 8 && most.count <= 10)
  assert.is((await jobs.counts()).done, 30)
})

on('shares the slots of a process between sites', async (site) => {
  const slots = createSlots(1)
  const other = await testSite(site.database.kind, { slots })
  const jobs = site.another({ slots })
  try {
    let busy = 0
    let most = 0
    for (const [system, { database }] of [
      [jobs, site],
      [other.jobs, other],
    ] as const) {
      const own = system.jobsFor('a')
      own.handle(count, async () => {
        busy += 1
        most = Math.max(most, busy)
        await new Promise(setImmediate)
        busy -= 1
      })
      for (let n = 0; n < 5; n += 1) await own.enqueue(database.db, count, { n })
      await system.start()
    }
    await until(async () => (await jobs.counts()).done === 5 && (await other.jobs.counts()).done === 5)
    assert.is(most, 1)
  } finally {
    await other.close()
  }
})

on('forgets a job whose transaction is rolled back, and wakes nobody', async ({ jobs, database }) => {
  const own = jobs.jobsFor('a')
  own.handle(count, async () => {})
  await database.db
    .tx(async (db) => {
      await own.enqueue(db, count, { n: 1 })
      await own.enqueue(db, count, { n: 2 }, { key: 'k' })
      throw new Error('back')
    })
    .catch(() => {})
  assert.is((await jobs.counts()).waiting, 0)
  await database.db.tx((db) => own.enqueue(db, count, { n: 3 }))
  await jobs.drain()
  assert.is((await jobs.counts()).done, 1)
})

on(
  'drains what follows from a job too, but not what is due later',
  async ({ jobs, clock, database: { db } }) => {
    const own = jobs.jobsFor('a')
    own.handle(count, async ({ n }) => {
      if (n > 0) await own.enqueue(db, count, { n: n - 1 })
      else await own.enqueue(db, count, { n: 0 }, { at: new Date(clock.now().getTime() + 1) })
    })
    await own.enqueue(db, count, { n: 5 })
    await jobs.drain()
    assert.equal(await jobs.counts(), { waiting: 1, running: 0, done: 6, failed: 0, cancelled: 0 })
  },
)

on('refuses a second handler or schedule of a job', async ({ jobs }) => {
  const tick = defineJob({ name: 'a.tick', payload: z.strictObject({}) })
  jobs.jobsFor('a').handle(count, async () => {})
  jobs.jobsFor('a').every(tick, '* * * * *')
  assert.throws(() => jobs.jobsFor('b').handle(count, async () => {}), /already has a handler, by a/)
  assert.throws(() => jobs.jobsFor('b').every(tick, '* * * * *'), /already has a schedule/)
})

on('counts the ends of jobs for the metrics', async (site) => {
  const counted: unknown[] = []
  let running = () => -1
  const jobs = site.another({
    metrics: {
      counter: () => ({ inc: (labels) => counted.push(labels) }),
      gauge: (_name, _help, read) => {
        running = read
      },
    },
  })
  jobs.jobsFor('a').handle(count, async () => {
    counted.push(running())
  })
  await jobs.jobsFor('a').enqueue(site.database.db, count, { n: 1 })
  await jobs.drain()
  assert.equal(counted, [1, { name: 'test.count', end: 'done' }])
})

on('gives back what it claimed for a plugin that was disabled meanwhile', async (site) => {
  const { db } = site.database
  // Disables the plugin between the claim and the begin of the job.
  const raw: typeof db.raw = async (sql, bindings) => {
    const rows = await db.raw(sql, bindings)
    await jobs.dropOwner('a')
    return rows as never
  }
  const watched = Object.assign(((table: string) => db(table)) as typeof db, { ...db, raw })
  const jobs = site.another({ database: { ...site.database, db: watched } })
  let ran = 0
  jobs.jobsFor('a').handle(count, async () => {
    ran += 1
  })
  const id = await jobs.jobsFor('a').enqueue(db, count, { n: 1 })
  await jobs.drain()
  assert.is(ran, 0)
  const { state, attempts, maxAttempts } = await jobs.get(id)
  assert.equal({ state, left: maxAttempts - attempts }, { state: 'waiting', left: 5 })
})

test('waits longer after each try, up to an hour and a quarter more', () => {
  const waits = [1, 2, 3, 12, 13, 50].map((tries) => backoffMs(count, tries, 0))
  assert.equal(waits, [1000, 2000, 4000, 2_048_000, 3_600_000, 3_600_000])
  assert.is(backoffMs({ ...count, backoffMs: 80 }, 1, 1), 100)
})

test('does its work by the real clock unless told otherwise', async () => {
  const site = await testSite('sqlite')
  const jobs = createJobs({ database: site.database, log: quiet })
  const ran = gate()
  jobs.jobsFor('a').handle(count, async () => ran.resolve())
  await jobs.start()
  await jobs.jobsFor('a').enqueue(site.database.db, count, { n: 1 }, { at: new Date(Date.now() + 60) })
  await ran.promise
  await jobs.stop(1000)
  await site.close()
})

test.run()
