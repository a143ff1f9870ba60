import { openDatabase, type Target } from '../../db/index.ts'
import { createJobs } from '../index.ts'
import { count, hang, hangLong, quiet } from './site.ts'

// A worker process of its own: says what it runs, until it is told to stop or killed.
const target = JSON.parse(process.argv[2] ?? '') as Target
const database = await openDatabase(target)
const jobs = createJobs({ database, log: quiet })
const own = jobs.jobsFor('test')
const say = (message: object) => new Promise<void>((resolve) => process.send?.(message, () => resolve()))

// Long enough for the other worker to have its share.
own.handle(count, async ({ n }) => {
  await new Promise((resolve) => setTimeout(resolve, 60))
  await say({ ran: n })
})
for (const job of [hang, hangLong])
  own.handle(job, async ({ n }, run) => {
    await say({ began: n })
    await new Promise<void>((resolve) => run.signal.addEventListener('abort', () => resolve()))
    await say({ aborted: n })
  })
process.on('message', async () => {
  await jobs.stop(5000)
  await database.close()
  process.exit(0)
})
await jobs.start()
await say({ ready: true })
