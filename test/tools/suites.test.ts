import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Group, groupFiles, runAlone, runGroup } from './suites.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const head = `import { test } from ${JSON.stringify(import.meta.resolve('uvu'))}\n`
const test = suite<{ folder: string }>('runner')

test.before.each(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), 'veza-suites-'))
})
test.after.each(({ folder }) => rm(folder, { recursive: true }))

async function runFiles(folder: string, sources: Record<string, string>, fileTimeoutMs = 20_000) {
  const files: string[] = []
  for (const [name, source] of Object.entries(sources)) {
    files.push(join(folder, name))
    await writeFile(join(folder, name), head + source)
  }
  return runGroup({ name: 'group', files }, { root, env: process.env, fileTimeoutMs })
}

test('puts the files of a folder into one process; those of a zone itself, and journeys, are alone', () => {
  const files = ['test/a', 'test/b', 'test/journeys/a', 'test/journeys/b', 'plugins/x/a', 'plugins/x/y/z/a']
  const groups = groupFiles([...files, 'plugins/x/b', 'plugins/x/y/a'].map((file) => `${file}.test.ts`))
  assert.equal(
    groups.map((group) => [group.name, group.files.length]),
    [
      ['test/a.test.ts', 1],
      ['test/b.test.ts', 1],
      ['test/journeys/a.test.ts', 1],
      ['test/journeys/b.test.ts', 1],
      ['plugins/x', 2],
      ['plugins/x/y', 2],
    ],
  )
})

const good = `test('is good', () => {}); test.run()`

test('counts what passed and what failed, with the words of the failure', async ({ folder }) => {
  const result = await runFiles(folder, {
    'a.test.mts': good,
    'b.test.mts': `test('is bad', () => { throw new Error('broken on purpose') }); test.run()`,
  })
  assert.equal([result.passed, result.failed], [1, 1])
  assert.match(result.output, 'broken on purpose')
})

test('runs alone what failed beside others: what passes then is shaky, what does not is broken', async ({
  folder,
}) => {
  const seen = JSON.stringify(join(folder, 'seen'))
  const sources = {
    'a.test.mts': good,
    'b.test.mts': `import { existsSync, writeFileSync } from 'node:fs'
test('is shaky', () => { if (existsSync(${seen})) return; writeFileSync(${seen}, ''); throw new Error('too slow') }); test.run()`,
  }
  const tried: string[][] = []
  const run = (group: Group) => {
    tried.push(group.files.map((file) => file.slice(folder.length + 1)))
    return runGroup(group, { root, env: process.env, fileTimeoutMs: 20_000 })
  }
  const shaky = await runAlone(await runFiles(folder, sources), run)
  assert.equal([shaky.passed, shaky.failed, shaky.isShaky], [2, 0, true])
  assert.match(shaky.output, 'too slow')
  assert.equal(tried, [['b.test.mts']])
  const bad = `test('is bad', () => { throw new Error('broken on purpose') }); test.run()`
  const broken = await runAlone(await runFiles(folder, { 'a.test.mts': good, 'c.test.mts': bad }), run)
  assert.equal([broken.passed, broken.failed, broken.isShaky], [1, 1, undefined])
  assert.match(broken.output, /broken on purpose[\s\S]*and alone:[\s\S]*broken on purpose/)
})

test('names a file that ends its process, and goes on with the next', async ({ folder }) => {
  const result = await runFiles(folder, {
    'a.test.mts': `test('dies', () => process.exit(0)); test.run()`,
    'b.test.mts': good,
  })
  assert.equal([result.passed, result.failed], [1, 1])
  assert.match(result.output, /a\.test\.mts: ended its process \(0\)/)
})

test('ends a file that hangs and counts it as failed', async ({ folder }) => {
  const hang = `test('hangs', () => new Promise(() => setInterval(() => {}, 1000))); test.run()`
  const result = await runFiles(folder, { 'a.test.mts': hang, 'b.test.mts': good }, 6_000)
  assert.equal([result.passed, result.failed], [1, 1])
  assert.match(result.output, /a\.test\.mts: hung/)
})

test('counts skipped tests, empty files and broken before hooks as failed', async ({ folder }) => {
  const result = await runFiles(folder, {
    'a.test.mts': `test('runs', () => {}); test.skip('does not'); test.run()`,
    'b.test.mts': `void test`,
    'c.test.mts': `test.before(() => { throw new Error('no') }); test('never runs', () => {}); test.run()`,
  })
  assert.equal([result.passed, result.failed], [1, 3])
  assert.match(result.output, /1 tests are skipped/)
  assert.match(result.output, /holds no tests that ran/)
  assert.match(result.output, /`before` hook threw/)
})

test('counts an error after the last test as failed', async ({ folder }) => {
  const result = await runFiles(folder, {
    'a.test.mts': `test('is late', () => { setTimeout(() => { throw new Error('late') }, 50) }); test.run()`,
  })
  assert.equal([result.passed, result.failed], [1, 1])
  assert.match(result.output, 'late')
})

test.run()
