#!/usr/bin/env node
/**
 * Builds dist/: the server side file by file (same tree as the sources, so that look-ups beside a file keep
 * working), then the browser side by vite. Usage: node build.mjs [--server | --web]
 */
import { spawnSync } from 'node:child_process'
import { chmod, copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const ROOT = dirname(fileURLToPath(import.meta.url))
const OUT = join(ROOT, 'dist')
const ZONES = ['cli', 'server', 'plugins', 'migrations']
const SCRIPT = /\.tsx?$/
const SKIPPED = /(\.test\.tsx?|\/test-kit\.ts|\.d\.ts|\.md|\.snap)$|(^|\/)(web|testdata)\/|^plugins\/web\.ts$/

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

/** Nothing is bundled: every import stays an import, and only the ending of our own files changes. */
const keepImports = {
  name: 'keep-imports',
  setup(pipe) {
    pipe.onResolve({ filter: /.*/ }, ({ path, kind }) => {
      if (kind === 'entry-point') return undefined
      return { path: path.startsWith('.') ? path.replace(SCRIPT, '.js') : path, external: true }
    })
  },
}

async function transpile(files) {
  await build({
    absWorkingDir: ROOT,
    entryPoints: files,
    outdir: OUT,
    outbase: ROOT,
    bundle: true,
    plugins: [keepImports],
    treeShaking: false,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    jsx: 'automatic',
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'warning',
  })
}

const URL_LITERAL = /new URL\(\s*(["'`])(\.{1,2}\/[^"'`$]*)\1\s*,\s*import\.meta\.url\s*\)/g

/** `new URL('./child.ts', import.meta.url)` is no import, so esbuild leaves it alone; broken ones stop the build. */
async function mendUrls(path) {
  const file = join(OUT, path.replace(SCRIPT, '.js'))
  const before = await readFile(file, 'utf8')
  const missing = []
  const targets = []
  let after = before.replace(URL_LITERAL, (_whole, _quote, target) => {
    const built = target.replace(SCRIPT, '.js')
    targets.push(built)
    return `new URL(${JSON.stringify(built)}, import.meta.url)`
  })
  for (const target of targets) {
    const found = await stat(resolve(dirname(file), target)).catch(() => null)
    if (!found) missing.push(`${path}: ${target} is not in dist`)
  }
  if (path === 'cli/main.ts' && !after.startsWith('#!')) after = `#!/usr/bin/env node\n${after}`
  if (after !== before) await writeFile(file, after)
  return missing
}

async function buildServer() {
  const files = await listSources()
  const scripts = files.filter((path) => SCRIPT.test(path))
  await transpile(scripts)
  for (const path of files.filter((path) => !SCRIPT.test(path))) {
    await mkdir(dirname(join(OUT, path)), { recursive: true })
    await copyFile(join(ROOT, path), join(OUT, path))
  }
  const missing = (await Promise.all(scripts.map(mendUrls))).flat()
  if (missing.length > 0)
    throw new Error(`files named beside the code are missing:\n  ${missing.join('\n  ')}`)
  await chmod(join(OUT, 'cli/main.js'), 0o755)
  return `${scripts.length} modules`
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
