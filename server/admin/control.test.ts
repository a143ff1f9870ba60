import { chmod, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { VezaError } from '../errors.ts'
import { claimRoles, livingProcesses, openControl, runningProcesses, stopProcesses } from './control.ts'
import type { ProcessStatus } from './status.ts'

const test = suite<{ dir: string }>('control')
test.before.each(async (context) => {
  context.dir = await mkdtemp(join(tmpdir(), 'veza-run-'))
})
test.after.each(({ dir }) => rm(dir, { recursive: true }))

const status = (roles: string[]): ProcessStatus => ({
  pid: process.pid,
  version: '1.0.0',
  roles,
  startedAt: '2026-01-01T00:00:00.000Z',
  httpPort: 1,
  sites: [],
})
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  )

test('a role is had once; what was half claimed is let go of [OPS-13]', async ({ dir }) => {
  const release = await claimRoles(dir, ['worker'])
  assert.instance(await refusal(claimRoles(dir, ['web', 'worker'])), VezaError)
  const web = await claimRoles(dir, ['web', 'ingest'])
  release()
  const worker = await claimRoles(dir, ['worker'])
  web()
  worker()
})

test('a folder among temporary files that others made, lead away or write to is not ours [SEC-06]', async ({
  dir,
}) => {
  await chmod(dir, 0o777)
  assert.match(String(await refusal(claimRoles(dir, ['web']))), /made by somebody else or is open to others/)
  assert.equal(await readdir(dir), [])
  await chmod(dir, 0o700)
  const link = `${dir}-link`
  await symlink(dir, link)
  assert.instance(await refusal(claimRoles(link, ['web'])), VezaError)
  await rm(link)
  // Inside the data folder its rights are those of whoever owns that.
  const inside = join(dir, 'run')
  await mkdir(inside, { mode: 0o755 })
  const release = await claimRoles(inside, ['web'])
  release()
})

test('answers its status, and stops when asked', async ({ dir }) => {
  let asked = 0
  const control = await openControl(dir, ['web'], {
    status: async () => status(['web']),
    stop: () => {
      asked++
    },
  })
  assert.equal(
    (await runningProcesses(dir)).map(({ roles }) => roles),
    [['web']],
  )
  assert.equal(await stopProcesses(dir), [process.pid])
  assert.is(asked, 1)
  await control.close()
  assert.equal(await runningProcesses(dir), [])
  assert.equal(await readdir(dir), [])
})

test('one that cannot say how it is still counts as alive', async ({ dir }) => {
  const control = await openControl(dir, ['web'], {
    status: () => Promise.reject(new Error('closing')),
    stop: () => {},
  })
  assert.equal(await runningProcesses(dir), [])
  assert.equal(await livingProcesses(dir), [process.pid])
  await control.close()
})

test.run()
