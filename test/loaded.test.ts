import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readSources, type Source } from './tools/sources.ts'

/**
 * What each process loads before anybody asks it for something. What is not listed is loaded by `import()` where it
 * is used: a server keeps what it loads, and a command waits for it.
 */
const test = suite<{ sources: Map<string, Source> }>('what is loaded at the start')
test.before(async (context) => {
  context.sources = new Map((await readSources()).map((source) => [source.path, source]))
})

/** Every file that is loaded with this one, and the packages, each by the name it is imported by. */
function loadedWith(sources: Map<string, Source>, entry: string): { files: string[]; packages: string[] } {
  const files = new Set([entry])
  const packages = new Set<string>()
  for (const path of files)
    for (const { specifier, file, isType, isLazy } of sources.get(path)?.imports ?? []) {
      if (isType || isLazy) continue
      if (file !== null) files.add(file)
      else if (!specifier.startsWith('node:')) packages.add(specifier)
    }
  return { files: [...files], packages: [...packages].sort() }
}

test('nothing on SQLite loads a driver, client or codec that it does not use', ({ sources }) => {
  const { files, packages } = loadedWith(sources, 'cli/commands/start.ts')
  assert.ok(files.includes('plugins/live/index.ts'))
  // A server adds koa once it listens.
  assert.equal(packages, [
    'better-sqlite3',
    'fastest-levenshtein',
    'find-my-way',
    'knex',
    'otpauth',
    'pino',
    'prom-client',
    'uuid',
    'ws',
    'yaml',
    'zod',
  ])
})

test('the ingest loads nothing of the server’s own [LIVE-05]', ({ sources }) => {
  const { files, packages } = loadedWith(sources, 'plugins/live/ingest/main.ts')
  assert.equal(packages, ['node-media-server/src/core/logger.js', 'node-media-server/src/protocol/rtmp.js'])
  assert.equal(
    files.filter((path) => path.startsWith('server/')),
    [],
  )
})

test('a command is looked up without the code of any plugin', ({ sources }) => {
  const { files, packages } = loadedWith(sources, 'cli/run.ts')
  assert.equal(
    files.filter((path) => path.startsWith('plugins/')),
    [],
  )
  assert.equal(packages, ['commander', 'uuid', 'zod'])
})

test.run()
