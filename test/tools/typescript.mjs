/**
 * For `node --import`: lets Node run the sources as they are. It takes the types out of .ts files by itself and leaves
 * every character in its place, so that no source map has to be read, which costs more than all else where coverage is
 * measured; .tsx files are compiled here, once for all processes of a run. An older Node leaves both to tsx.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import module from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = module.createRequire(import.meta.url)
const folder = join(tmpdir(), 'veza-tsx')

function compile(path) {
  const source = readFileSync(path, 'utf8')
  const kept = join(folder, `${createHash('sha256').update(path).update(source).digest('hex')}.js`)
  try {
    return readFileSync(kept, 'utf8')
  } catch {
    const { code } = require('esbuild').transformSync(source, {
      loader: 'tsx',
      sourcefile: path,
      sourcemap: 'inline',
      target: 'node22',
      jsx: 'automatic',
      jsxImportSource: 'preact',
    })
    mkdirSync(folder, { recursive: true })
    // Others may be at the same file.
    writeFileSync(`${kept}.${process.pid}`, code)
    renameSync(`${kept}.${process.pid}`, kept)
    return code
  }
}

if (process.features.typescript && module.registerHooks)
  module.registerHooks({
    load: (url, context, next) =>
      url.endsWith('.tsx')
        ? { format: 'module', source: compile(fileURLToPath(url)), shortCircuit: true }
        : next(url, context),
  })
else await import('tsx')
