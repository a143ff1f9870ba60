import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Coverage } from './coverage.ts'
import { judgeCoverage, listGaps, spans } from './gate.ts'

const source = `/** A comment is no code. */
export interface Pair {
  left: number
}

export function taken(pair: Pair): string {
  if (pair.left > 3) {
    return 'large'
  }
  const rest: Pair = {
    ...pair,
  }
  return String(rest.left)
}

export const unused = (): number => {
  // Nobody calls this.
  return 1
}
`

interface Sample {
  root: string
  main: string
}

/** Runs the sample as Node takes it, as one that is compiled and has to be mapped back, or as `made` makes of it. */
async function measureSample(loader: string, made = async ({ main }: Sample) => main) {
  const root = await mkdtemp(join(tmpdir(), 'veza-coverage-'))
  try {
    const raw = join(root, 'raw')
    await mkdir(join(root, 'server/kernel'), { recursive: true })
    await writeFile(join(root, 'package.json'), '{ "type": "module" }')
    await writeFile(join(root, 'server/kernel/sample.ts'), source)
    await writeFile(join(root, 'server/never.ts'), 'export const never = 1\n')
    await writeFile(join(root, 'server/sample.test.ts'), 'export const test = 1\n')
    const main = join(root, 'main.ts')
    await writeFile(main, `import { taken } from './server/kernel/sample.ts'\ntaken({ left: 5 })\n`)
    const run = spawnSync(process.execPath, ['--import', loader, await made({ root, main })], {
      env: { ...process.env, NODE_V8_COVERAGE: raw },
      encoding: 'utf8',
    })
    assert.is(run.status, 0, run.stderr)
    const coverage = new Coverage(root)
    await coverage.add(raw)
    await coverage.add(join(root, 'nobody-ran'))
    return await coverage.measure()
  } finally {
    await rm(root, { recursive: true })
  }
}

/** One file of all sources, as the build makes. */
async function joined({ root, main }: Sample): Promise<string> {
  const outfile = join(root, 'dist/chunks/main.js')
  await build({
    entryPoints: [main],
    outfile,
    bundle: true,
    treeShaking: false,
    format: 'esm',
    sourcemap: 'linked',
    logLevel: 'error',
  })
  return outfile
}

for (const loader of [import.meta.resolve('./typescript.mjs'), import.meta.resolve('tsx')])
  test(`names exactly the lines of code that did not run, by ${basename(loader)}`, async () => {
    const files = await measureSample(loader)
    assert.equal(files, [
      { path: 'server/kernel/sample.ts', total: 8, covered: 4, missed: [10, 11, 13, 18] },
      { path: 'server/never.ts', total: 1, covered: 0, missed: [1] },
    ])
    assert.match(listGaps(files, 1), 'server/kernel/sample.ts 4/8: 10-11,13,18')
  })

test('names them in a built file of several sources, too', async () => {
  const [sample] = await measureSample(import.meta.resolve('./typescript.mjs'), joined)
  assert.equal(sample, { path: 'server/kernel/sample.ts', total: 8, covered: 4, missed: [10, 11, 13, 18] })
})

test('holds zones against their limits, and fails one that holds no code', () => {
  const covered = { path: 'server/jobs/a.ts', total: 100, covered: 95, missed: [] }
  const verdicts = judgeCoverage([covered, { ...covered, path: 'server/kernel/a.ts', covered: 94 }])
  assert.equal(
    verdicts.map(({ name, ok }) => [name, ok]),
    [
      ['overall', true],
      ['server/kernel', false],
      ['server/jobs', true],
      ['server/sites', false],
    ],
  )
})

test('writes neighbouring lines as spans', () => {
  assert.is(spans([1, 2, 3, 7, 9, 10]), '1-3,7,9-10')
})

test.run()
