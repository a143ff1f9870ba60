import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { defineJob, z } from '#contract'
import { type FakeClock, fakeClock } from '../../test/kit/clock.ts'
import { onEach, type TestSite, until } from './testdata/site.ts'

const test = suite('schedules')
const on = onEach(test)
const tick = defineJob({ name: 'test.tick', payload: z.strictObject({}) })

/** A worker with the schedule, begun and slept in again, as the process would find the clock at that moment. */
async function worker({ another }: TestSite, clock: FakeClock, line: string, ran: string[]) {
  const jobs = another({ clock })
  const own = jobs.jobsFor('a')
  own.handle(tick, async () => {
    ran.push(clock.now().toISOString().slice(5, 16))
  })
  own.every(tick, line)
  // A second registration wakes the worker, and its promise tells that the round is over.
  const look = async () => {
    await jobs.start()
    await jobs.drain()
  }
  return { look, stop: () => jobs.stop(1000) }
}

on('runs a scheduled job once a tick, whatever number of workers there are', async (site) => {
  const { clock } = site
  const ran: string[] = []
  const workers = await Promise.all([1, 2, 3].map(() => worker(site, clock, '*/10 * * * *', ran)))
  const look = () => Promise.all(workers.map((each) => each.look()))
  await look()
  assert.equal(ran, [], 'the moment of the first registration is no tick')
  clock.advance(9 * 60_000)
  await look()
  assert.equal(ran, [])
  for (let i = 0; i < 3; i += 1) {
    clock.advance(10 * 60_000)
    await look()
    await look()
  }
  assert.equal(ran, ['01-05T10:19', '01-05T10:29', '01-05T10:39'])
})

on('never runs a tick twice when the clock goes back', async (site) => {
  const { clock } = site
  const ran: string[] = []
  const { look } = await worker(site, clock, '0 * * * *', ran)
  await look()
  clock.advance(3_600_000)
  await look()
  clock.advance(-1_800_000)
  await look()
  clock.advance(-7_200_000)
  await look()
  for (let i = 0; i < 10; i += 1) {
    clock.advance(900_000)
    await look()
  }
  assert.equal(ran, ['01-05T11:00'])
  clock.advance(3_600_000)
  await look()
  assert.equal(ran, ['01-05T11:00', '01-05T12:00'])
})

on('runs the last of the ticks missed while nothing ran, once', async (site) => {
  const ran: string[] = []
  const first = await worker(site, site.clock, '0 3 * * *', ran)
  await first.look()
  await first.stop()
  site.clock.set('2026-01-09T12:34:00.000Z')
  const second = await worker(site, site.clock, '0 3 * * *', ran)
  await second.look()
  await second.look()
  assert.equal(ran, ['01-09T12:34'])
})

on('recovers from a clock that was years ahead', async (site) => {
  const ran: string[] = []
  const first = await worker(site, fakeClock('2099-01-01T00:00:00.000Z'), '0 * * * *', ran)
  await first.look()
  await first.stop()
  const second = await worker(site, site.clock, '0 * * * *', ran)
  await second.look()
  site.clock.advance(3_600_000)
  await second.look()
  assert.equal(ran, ['01-05T11:00'])
})

on('leaves one job where a tick comes before the last one was begun', async (site) => {
  const { clock } = site
  const jobs = site.another({ clock })
  jobs.jobsFor('a').every(tick, '* * * * *')
  await jobs.start()
  for (let i = 0; i < 3; i += 1) {
    await jobs.drain()
    clock.advance(60_000)
  }
  await jobs.drain()
  assert.is((await jobs.list({ name: tick.name, limit: 9 })).items.length, 1)
})

on('ticks by the real clock without being asked', async (site) => {
  // Half a second before a minute, and goes on from there once the start is made, however long that takes.
  let startedMs: number | null = null
  const now = () => {
    const sinceMs = startedMs === null ? 0 : Date.now() - startedMs
    return new Date(Date.parse('2026-01-05T10:00:59.500Z') + sinceMs)
  }
  const jobs = site.another({ clock: { now } })
  let ran = 0
  jobs.jobsFor('a').handle(tick, async () => {
    ran += 1
  })
  jobs.jobsFor('a').every(tick, '* * * * *')
  await jobs.start()
  startedMs = Date.now()
  await until(async () => ran > 0)
  assert.is(ran, 1)
})

test.run()
