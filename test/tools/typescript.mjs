/**
 * For `node --import`: lets Node run the sources as they are. Types are taken out of .ts files so that every character
 * stays in its place and no source map has to be read, which costs more than all else where coverage is measured; .tsx
 * files are compiled. Either is done once for all processes of a run, as it takes half of the time of loading them. An
 * older Node leaves both to tsx.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import module from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = module.createRequire(import.meta.url)
/** In the folder of the run, and nowhere that others may write to. */
const folder = process.env.TMPDIR && join(process.env.TMPDIR, 'veza-compiled')

function withoutTypes(source) {
  const { emitWarning } = process
  // It says of itself, once, that it is new; tests look at what processes print.
  process.emitWarning = () => undefined
  try {
    return module.stripTypeScriptTypes(source)
  } finally {
    process.emitWarning = emitWarning
  }
}

function withoutTags(source, path) {
  const { code } = require('esbuild').transformSync(source, {
    loader: 'tsx',
    sourcefile: path,
    sourcemap: 'inline',
    target: 'node22',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  })
  return code
}

function compile(path) {
  const source = readFileSync(path, 'utf8')
  const run = () => (path.endsWith('.tsx') ? withoutTags(source, path) : withoutTypes(source))
  if (!folder) return run()
  const kept = join(folder, `${createHash('sha256').update(path).update(source).digest('hex')}.js`)
  try {
    return readFileSync(kept, 'utf8')
  } catch {
    const code = run()
    keep(kept, code)
    return code
  }
}

/** A disk that a test has filled, or a folder that is gone at the end of a run, is no reason to fail. */
function keep(file, code) {
  try {
    mkdirSync(folder, { recursive: true })
    // Others may be at the same file.
    writeFileSync(`${file}.${process.pid}`, code)
    renameSync(`${file}.${process.pid}`, file)
  } catch {}
}

const isOurs = (url, format) =>
  url.endsWith('.tsx') || (url.endsWith('.ts') && format === 'module-typescript')

if (process.features.typescript && module.registerHooks && module.stripTypeScriptTypes)
  module.registerHooks({
    load: (url, context, next) =>
      isOurs(url, context.format)
        ? { format: 'module', source: compile(fileURLToPath(url)), shortCircuit: true }
        : next(url, context),
  })
else await import('tsx')
