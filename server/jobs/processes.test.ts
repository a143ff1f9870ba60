import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { systemClock } from '../clock.ts'
import { count, gate, hang, hangLong, onEach, type TestSite, until } from './testdata/site.ts'

const test = suite('worker processes')
const on = onEach(test)
const script = fileURLToPath(new URL('./testdata/worker.ts', import.meta.url))

type Said = { ready?: true; ran?: number; began?: number; aborted?: number }

/** A worker process on the same database; `heard` collects what it says. */
async function startWorker(site: TestSite, heard: Said[]): Promise<ChildProcess> {
  const child = fork(script, [JSON.stringify(site.database.target)])
  child.on('message', (message) => heard.push(message as Said))
  await until(async () => heard.some((said) => said.ready))
  return child
}

async function stopWorker(child: ChildProcess): Promise<unknown> {
  const gone = once(child, 'exit')
  child.send('stop')
  return (await gone)[0]
}

on('takes over the job of a worker that was killed [OPS-13]', async (site) => {
  const heard: Said[] = []
  const child = await startWorker(site, heard)
  const id = await site.jobs.jobsFor('a').enqueue(site.database.db, hang, { n: 4 })
  await until(async () => heard.some((said) => said.began === 4))
  const attempts = gate<number>()
  const jobs = site.another({ clock: systemClock })
  jobs.jobsFor('a').handle(hang, async (_payload, run) => attempts.resolve(run.attempt))
  await jobs.start()
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
  assert.is((await jobs.get(id)).state, 'running', 'the lease outlives its worker')
  assert.is(await attempts.promise, 2)
  await until(async () => (await jobs.get(id)).state === 'done')
})

on('never runs a job twice with two processes at work [OPS-05]', async (site) => {
  const heard: [Said[], Said[]] = [[], []]
  const children = await Promise.all(heard.map((list) => startWorker(site, list)))
  const own = site.jobs.jobsFor('a')
  await site.database.db.tx(async (db) => {
    for (let n = 0; n < 200; n += 1) await own.enqueue(db, count, { n })
  })
  await until(async () => (await site.jobs.counts()).done === 200)
  const codes = await Promise.all(children.map(stopWorker))
  const ran = heard.map((list) => list.filter((said) => said.ran !== undefined).map((said) => said.ran!))
  assert.equal(
    ran.flat().sort((a, b) => a - b),
    Array.from({ length: 200 }, (_, n) => n),
  )
  assert.ok(
    ran.every((list) => list.length > 0),
    'both took part',
  )
  assert.equal(codes, [0, 0])
})

on('aborts a job of another process when it is cancelled', async (site) => {
  const heard: Said[] = []
  const child = await startWorker(site, heard)
  const id = await site.jobs.jobsFor('a').enqueue(site.database.db, hangLong, { n: 1 })
  await until(async () => heard.some((said) => said.began === 1))
  await site.jobs.cancel(id)
  await until(async () => heard.some((said) => said.aborted === 1))
  assert.is(await stopWorker(child), 0)
  assert.is((await site.jobs.get(id)).state, 'cancelled')
})

test.run()
