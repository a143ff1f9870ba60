import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type RunningServer, startServer } from './kit/server.ts'
import { Visitor } from './kit/visitor.ts'
import { eventually } from './kit/wait.ts'

/** A plugin whose job writes down when it begins and ends; the first time it takes longer than any test. */
const code = (journal: string) => `
import { appendFileSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { defineJob, defineRoute, z } from 'veza/contract'
import { definePlugin } from 'veza/sdk'
const journal = ${JSON.stringify(journal)}
const slow = defineJob({ name: 'slow.work', payload: z.strictObject({ number: z.number() }), leaseMs: 3000 })
const begin = defineRoute({
  method: 'POST', path: '/api/v1/slow/work', access: 'public', summary: 'Begin', result: z.strictObject({ id: z.string() }),
})
export default definePlugin({
  name: 'slow', version: '1.0.0', title: 'Slow',
  setup(ctx) {
    ctx.jobs.handle(slow, async ({ number }, run) => {
      appendFileSync(journal, 'begin ' + number + '\\n')
      const isFirst = readFileSync(journal, 'utf8').split('\\n').length === 2
      await delay(isFirst ? 600_000 : 10)
      appendFileSync(journal, 'end ' + number + '\\n')
    })
    ctx.router.handle(begin, async () => ({ id: await ctx.db.tx((db) => ctx.jobs.enqueue(db, slow, { number: 7 })) }))
  },
})
`

const test = suite<{ server: RunningServer; visitor: Visitor; journal: string }>('jobs of a killed server')
test.before(async (context) => {
  context.server = await startServer({ roles: ['web', 'worker'] })
  context.visitor = new Visitor(context.server)
  context.journal = join(context.server.dataDir, 'journal')
  const folder = join(context.server.dataDir, 'plugins', 'slow')
  await mkdir(folder, { recursive: true })
  const manifest = { name: 'slow', version: '1.0.0', type: 'module', main: 'index.js' }
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
  await writeFile(join(folder, 'index.js'), code(context.journal))
  await context.server.restart()
})
test.after(({ server }) => server?.close())

test('a job that a kill -9 interrupted runs again at the next start, once [OPS-13]', async (context) => {
  const { server, visitor, journal } = context
  const lines = async () => (await readFile(journal, 'utf8').catch(() => '')).trim().split('\n')
  assert.is((await visitor.call('/api/v1/slow/work', { method: 'POST' })).status, 200)
  await eventually('the job to begin', async () => (await lines())[0] === 'begin 7')
  await server.kill('SIGKILL')
  await server.restart()
  await eventually('the job to end', async () => (await lines()).includes('end 7'))
  assert.equal(await lines(), ['begin 7', 'begin 7', 'end 7'])
})

test.run()
