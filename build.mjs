#!/usr/bin/env node
/**
 * Builds dist/: the server side as a few files, split where code is loaded later or from several entries (see
 * server/decisions/07), then the browser side by vite. Usage: node build.mjs [--server | --web]
 */
import { spawnSync } from 'node:child_process'
import { chmod, copyFile, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const ROOT = dirname(fileURLToPath(import.meta.url))
const OUT = join(ROOT, 'dist')
const ZONES = ['cli', 'server', 'plugins', 'migrations']
const CHUNKS = 'chunks'
const SCRIPT = /\.tsx?$/
const SKIPPED = /(\.test\.tsx?|\/test-kit\.ts|\.d\.ts|\.md|\.snap)$|(^|\/)(web|testdata)\/|^plugins\/web\.ts$/
/** What is found by its path: the command, what added plugins import, and migrations. Children add themselves. */
const ENTRY =
  /^cli\/main\.ts$|^server\/(contract|sdk|ffmpeg)\/index\.ts$|^plugins\/[\w-]+\/contract\.ts$|(^|\/)migrations\//

async function listSources() {
  const files = []
  for (const zone of ZONES) {
    const entries = await readdir(join(ROOT, zone), { recursive: true, withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      const path = relative(ROOT, join(entry.parentPath, entry.name))
      if (entry.isFile() && !SKIPPED.test(path)) files.push(path)
    }
  }
  return files.sort()
}

const URL_LITERAL = /new URL\(\s*(["'`])(\.{1,2}\/[^"'`$]*)\1\s*,\s*import\.meta\.url\s*\)/g

/** Paths in dist that the code of a source names beside itself, as `new URL('./child.ts', import.meta.url)`. */
function namedBeside(path, text) {
  return [...text.matchAll(URL_LITERAL)].map(([, , target]) => join(dirname(path), target))
}

/** Packages stay imports; our own files join. A URL beside a source is mended to lead there from one folder deep. */
const joinOwn = {
  name: 'join-own',
  setup(pipe) {
    pipe.onResolve({ filter: /^[^.#]/ }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path, external: true },
    )
    pipe.onLoad({ filter: SCRIPT }, async ({ path }) => {
      const own = relative(ROOT, path)
      const contents = (await readFile(path, 'utf8')).replace(URL_LITERAL, (_whole, _quote, target) => {
        const there = join('..', dirname(own), target).replace(SCRIPT, '.js')
        return `new URL(${JSON.stringify(there)}, import.meta.url)`
      })
      return { contents, loader: path.endsWith('x') ? 'tsx' : 'ts' }
    })
  },
}

/** Each source ends in one file alone, whatever imports it, so that plugins from outside meet the same classes. */
async function joinSources(entryPoints) {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints,
    outdir: OUT,
    outbase: ROOT,
    bundle: true,
    splitting: true,
    chunkNames: `${CHUNKS}/[name]-[hash]`,
    conditions: ['veza-source'],
    plugins: [joinOwn],
    format: 'esm',
    platform: 'node',
    target: 'node22',
    jsx: 'automatic',
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
  })
  return Object.entries(metafile.outputs).filter(([file]) => file.endsWith('.js'))
}

/** Finds URLs beside the code that lead nowhere, for what they name or for where their source ended. */
async function findLost(outputs, beside) {
  const lost = []
  for (const [path, targets] of beside) {
    const [file] = outputs.find(([, { inputs }]) => path in inputs) ?? []
    if (file && relative(OUT, join(ROOT, file)).split(/[\\/]/).length !== 2)
      lost.push(`${path}: its URLs are not right in ${file}`)
    for (const target of targets) {
      const found = await stat(join(OUT, target.replace(SCRIPT, '.js'))).catch(() => null)
      if (!found) lost.push(`${path}: ${target} is not in dist`)
    }
  }
  return lost
}

async function buildServer() {
  const files = await listSources()
  const scripts = files.filter((path) => SCRIPT.test(path))
  const beside = new Map()
  for (const path of scripts) {
    const targets = namedBeside(path, await readFile(join(ROOT, path), 'utf8'))
    if (targets.length > 0) beside.set(path, targets)
  }
  const children = [...beside.values()].flat().filter((path) => SCRIPT.test(path))
  for (const folder of [...ZONES, CHUNKS]) await rm(join(OUT, folder), { recursive: true, force: true })
  const outputs = await joinSources([...scripts.filter((path) => ENTRY.test(path)), ...children])
  for (const path of files.filter((path) => !SCRIPT.test(path))) {
    await mkdir(dirname(join(OUT, path)), { recursive: true })
    await copyFile(join(ROOT, path), join(OUT, path))
  }
  const lost = await findLost(outputs, beside)
  if (lost.length > 0) throw new Error(`files named beside the code are missing:\n  ${lost.join('\n  ')}`)
  await chmod(join(OUT, 'cli/main.js'), 0o755)
  return `${scripts.length} modules in ${outputs.length} files`
}

function buildWeb() {
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js')
  const args = [vite, 'build', '--config', join(ROOT, 'web/vite.config.ts'), '--logLevel', 'warn']
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' })
  if (status !== 0) throw new Error('vite could not build web/')
  return 'pages'
}

async function timed(name, work) {
  const start = performance.now()
  const what = await work()
  process.stdout.write(`${name}: ${what} in ${((performance.now() - start) / 1000).toFixed(1)} s\n`)
}

const only = process.argv[2]
try {
  if (!only) await rm(OUT, { recursive: true, force: true })
  if (only !== '--web') await timed('server', buildServer)
  if (only !== '--server') await timed('web', buildWeb)
} catch (error) {
  process.stderr.write(`build failed: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
