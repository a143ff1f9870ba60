/** The test run: see test/run. Usage: npm test -- [--no-journeys] [part of a path …] */
import { rmSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Coverage } from './coverage.ts'
import { judgeCoverage, listGaps } from './gate.ts'
import { prepareMachine, temporaryFolder } from './machine.ts'
import { endAllGroups, runCommand } from './process.ts'
import { startPostgres, startRedis, type TestServer } from './servers.ts'
import {
  type Group,
  type GroupResult,
  groupFiles,
  isJourney,
  listTestFiles,
  runAlone,
  runGroup,
} from './suites.ts'
import { Tally } from './tally.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const coverage = new Coverage(root)
const tally = new Tally((text) => process.stdout.write(text))
const filters = process.argv.slice(2).filter((arg) => !arg.startsWith('--'))
const withJourneys = !process.argv.includes('--no-journeys')
const UNIT_TIMEOUT_MS = 300_000
const JOURNEY_TIMEOUT_MS = 600_000
/**
 * One more than cores: much of the time goes into waiting for encoders, browsers and leases that run out. No more
 * than the one PostgreSQL has connections for.
 */
const LANES = Math.min(availableParallelism() + 1, 6)

/** Files that get a second try alone, where no more than that failed: more is no bad luck. */
const MOST_SHAKY = 3

/** Tests beside the code wait more than they work: an encoder that sends in real time, a lease that runs out. */
const MORE_LANES = Math.min(2, 6 - LANES)

/** Begun first, so that none of them is left alone at the end: those that take longest, by the table of a run. */
const LONGEST = [
  ...['pages', 'live-story', 'library', 'playlists', 'people'].map((name) => `test/journeys/${name}.test.ts`),
  ...['faults-live', 'api-input'].map((name) => `test/${name}.test.ts`),
  ...['plugins/media', 'server/identity', 'server/ffmpeg/audio', 'plugins/live', 'plugins/catalog'],
  ...['server', 'backup', 'commands'].map((name) => `cli/${name}.test.ts`),
  ...['plugins/catalog/import', 'plugins/player/web', 'cli/import.test.ts'],
  ...['plugins/live/ingest', 'plugins/live/nodes', 'server/jobs', 'plugins/chat'],
]
const rankOf = ({ name }: Group) => LONGEST.indexOf(name) + 1 || LONGEST.length + 1
const longestFirst = (a: Group, b: Group) => rankOf(a) - rankOf(b)

type Task = () => Promise<unknown>

/** Runs the busy tasks, so many at a time, then the calm ones in more lanes. */
async function inLanes(busy: readonly Task[], calm: readonly Task[]): Promise<void> {
  const [first, then] = [[...busy], [...calm]]
  const more: Promise<void>[] = []
  const follow = async (left: Task[]) => {
    for (let task = left.shift(); task; task = left.shift()) await task()
  }
  const lane = async () => {
    await follow(first)
    if (more.length < MORE_LANES) more.push(follow(then))
    await follow(then)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  await Promise.all(more)
}

/** A program that passes or fails as one; whether it passed. */
function step(name: string, script: string, ...args: string[]): () => Promise<boolean> {
  return async () => {
    const { code, output, ms } = await runCommand(process.execPath, [join(root, script), ...args], {
      cwd: root,
    })
    tally.step(name, code === 0, output, ms)
    return code === 0
  }
}

const build = step('build', 'build.mjs')
const steps: Task[] = [
  // More threads would each look at what they share anew, and the other cores have work.
  step('types', 'node_modules/typescript/bin/tsc', '-p', '.', '--singleThreaded'),
  step('biome', 'node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings'),
  step('knip', 'node_modules/knip/bin/knip.js'),
]

/** Settings of the person's own appliance must not reach the tests. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('VEZA_') || name === 'VEZA_FFMPEG',
  )
  return { ...Object.fromEntries(entries), NODE_ENV: 'test' }
}

/** Programs, then servers that the tests need; what is already started lies in `servers`, whatever comes then. */
async function prepare(env: NodeJS.ProcessEnv, servers: TestServer[]): Promise<void> {
  await prepareMachine(tally)
  const start = async (name: string, variable: string, run: () => Promise<TestServer>) => {
    try {
      const server = await run()
      servers.push(server)
      env[variable] = server.url
    } catch (error) {
      tally.step(`start ${name}`, false, error instanceof Error ? error.message : String(error), 0)
    }
  }
  await start('PostgreSQL', 'VEZA_TEST_POSTGRES_URL', startPostgres)
  await start('Redis', 'VEZA_TEST_REDIS_URL', startRedis)
}

/** What starts whole servers. What it covers is not counted: a fifth of their work would go into that. */
const isOfServers = ({ files }: Group): boolean => files.some((file) => file.startsWith('test/'))

async function runTests(env: NodeJS.ProcessEnv, scratch: string, isReady: Promise<void>): Promise<void> {
  const isWhole = filters.length === 0
  const all = await listTestFiles(root)
  const chosen = all.filter((file) => isWhole || filters.some((part) => file.includes(part)))
  const wanted = chosen.filter((file) => withJourneys || !isJourney(file))
  // First, as servers are started from what it makes; journeys know nothing else.
  const needsBuild = isWhole || wanted.some(isJourney)
  if (needsBuild && (await build())) env.VEZA_TEST_BUILT = '1'
  env.VEZA_TEST_PREPARED = join(scratch, 'prepared')
  const groups = groupFiles(wanted)
  const failed: { result: GroupResult; run: (group: Group) => Promise<GroupResult>; folder: string }[] = []
  const taskOf = (group: Group) => async () => {
    // Building and looking at the sources needs nothing of this.
    await isReady
    const index = groups.indexOf(group)
    const fileTimeoutMs = group.files.some(isJourney) ? JOURNEY_TIMEOUT_MS : UNIT_TIMEOUT_MS
    const folder = join(scratch, `coverage-${index}`)
    // What is compiled once serves all processes, but is too coarse to measure.
    const own = isOfServers(group)
      ? { NODE_COMPILE_CACHE: join(scratch, 'compiled') }
      : { NODE_V8_COVERAGE: folder }
    const run = (some: Group) => runGroup(some, { root, env: { ...env, ...own }, fileTimeoutMs })
    const result = await run(group)
    if (result.failed > 0) failed.push({ result, run, folder })
    else tally.add(result)
    await coverage.add(folder)
  }
  const busy = groups.filter(isOfServers).sort(longestFirst).map(taskOf)
  const calm = groups
    .filter((group) => !isOfServers(group))
    .sort(longestFirst)
    .map(taskOf)
  await inLanes([...(isWhole ? steps : []), ...busy], calm)
  const isShaky = failed.reduce((sum, { result }) => sum + result.failedFiles.length, 0) <= MOST_SHAKY
  for (const { result, run, folder } of failed) {
    tally.add(isShaky ? await runAlone(result, run) : result)
    // What ended its process the first time told nothing of what ran.
    await coverage.add(folder)
  }
}

async function checkCoverage(): Promise<void> {
  const start = performance.now()
  const files = await coverage.measure()
  const verdicts = judgeCoverage(files)
  await mkdir(join(root, 'coverage'), { recursive: true })
  await writeFile(join(root, 'coverage/lines.txt'), `${listGaps(files, Number.POSITIVE_INFINITY)}\n`)
  const text = verdicts.map((verdict) => verdict.text).join('\n')
  process.stdout.write(
    `\nCoverage of the server side, lines of code (each gap: coverage/lines.txt)\n${text}\n`,
  )
  // The gate belongs to .ci/run; a plain `npm test` only shows the figures.
  if (process.env.CI !== 'true') return
  const ok = verdicts.every((verdict) => verdict.ok)
  tally.step('coverage', ok, `${text}\n${listGaps(files, 20)}`, performance.now() - start)
}

async function main(scratch: string): Promise<void> {
  // PostgreSQL runs as another account and must get to its folder.
  await chmod(scratch, 0o755)
  const env = cleanEnvironment()
  const servers: TestServer[] = []
  try {
    const isReady = prepare(env, servers)
    await Promise.all([isReady, runTests(env, scratch, isReady)])
    if (filters.length === 0) await checkCoverage()
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
    await rm(scratch, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined)
  }
}

const start = performance.now()
const scratch = await mkdtemp(join(await temporaryFolder(), 'veza-test-'))
// All temporary files of this run, also those of killed tests, lie in one folder that goes at the end.
process.env.TMPDIR = scratch
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    endAllGroups()
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 })
    tally.step(`interrupted by ${signal}`, false, '', 0)
    process.exit(tally.close(performance.now() - start) ? 0 : 1)
  })
}
try {
  await main(scratch)
} catch (error) {
  tally.step('run', false, error instanceof Error ? (error.stack ?? error.message) : String(error), 0)
}
process.exitCode = tally.close(performance.now() - start) ? 0 : 1
