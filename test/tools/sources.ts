import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, posix, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One import of a source file, as written and as the file of this checkout that it means. */
export interface Import {
  specifier: string
  /** Null for packages and Node's own modules. */
  file: string | null
  /** Erased when it runs. */
  isType: boolean
  /** By `import()`: loaded when it is come to. */
  isLazy: boolean
}

/** One TypeScript file, by its path from the root with forward slashes. */
export interface Source {
  path: string
  text: string
  imports: Import[]
  /** A test, or what only tests use. */
  isTest: boolean
}

export const root = fileURLToPath(new URL('../..', import.meta.url))
const zones = ['cli', 'migrations', 'plugins', 'server', 'test', 'web']
const subpaths: [pattern: RegExp, file: string][] = [
  [/^#contract$/, 'server/contract/index.ts'],
  [/^#sdk$/, 'server/sdk/index.ts'],
  [/^#ffmpeg$/, 'server/ffmpeg/index.ts'],
  [/^#web$/, 'web/sdk/index.ts'],
  [/^#plugins\/(\w[\w-]*)$/, 'plugins/$1/contract.ts'],
  [/^#package$/, 'package.json'],
]
const importText = /^\s*(?:import|export)\s+(type\s+)?((?:[\w*$,\s]|\{[^}]*\})*?)\s*\bfrom\s+'([^']+)'/gm
const bareImportText = /^\s*import\s+'([^']+)'|\bimport\('([^']+)'\)/gm

/** Every TypeScript file of the checkout, with its imports read by pattern: no compiler needed. */
export async function readSources(): Promise<Source[]> {
  const sources: Source[] = []
  for (const zone of zones) {
    const entries = await readdir(join(root, zone), { recursive: true, withFileTypes: true })
    for (const entry of entries) {
      const path = relative(root, join(entry.parentPath, entry.name)).split(sep).join('/')
      if (!entry.isFile() || !/\.tsx?$/.test(path) || path.includes('node_modules/')) continue
      const text = await readFile(join(root, path), 'utf8')
      const code = text.replace(/^\s*\*.*$|\/\*\*.*?\*\//gm, '')
      sources.push({ path, text, imports: importsOf(path, code), isTest: isTestFile(path) })
    }
  }
  return sources.sort((a, b) => (a.path < b.path ? -1 : 1))
}

function isTestFile(path: string): boolean {
  return path.startsWith('test/') || /\.test\.tsx?$|\/testdata\/|\/test-kit\.ts$/.test(path)
}

function importsOf(path: string, text: string): Import[] {
  const found: Import[] = []
  for (const [, typeWord, names = '', specifier = ''] of text.matchAll(importText))
    found.push({
      specifier,
      file: resolve(path, specifier),
      isType: typeWord !== undefined || namesOnlyTypes(names),
      isLazy: false,
    })
  for (const [, side, lazy] of text.matchAll(bareImportText)) {
    const specifier = side ?? lazy ?? ''
    found.push({ specifier, file: resolve(path, specifier), isType: false, isLazy: lazy !== undefined })
  }
  return found
}

/** `{ type A, type B }` */
function namesOnlyTypes(names: string): boolean {
  const inBraces = /^\{([^}]*)\}$/.exec(names.trim())?.[1]
  if (inBraces === undefined) return false
  return inBraces
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
    .every((name) => name.startsWith('type '))
}

function resolve(from: string, specifier: string): string | null {
  for (const [pattern, file] of subpaths) if (pattern.test(specifier)) return specifier.replace(pattern, file)
  return specifier.startsWith('.') ? posix.join(dirname(from), specifier) : null
}

/** Imports of files that are not there, as a check on the reading itself. */
export function missingFiles(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, imports }) =>
    imports
      .filter(({ file }) => file !== null && !existsSync(join(root, file)))
      .map(({ specifier }) => `${path} -> ${specifier}`),
  )
}

/** The first circle met, as a list of paths that begins and ends alike; null where there is none. */
export function findCircle(sources: readonly Source[]): string[] | null {
  const byPath = new Map(sources.map((source) => [source.path, source]))
  const state = new Map<string, 'open' | 'done'>()
  const trail: string[] = []
  const visit = (path: string): string[] | null => {
    if (state.get(path) === 'done') return null
    if (state.get(path) === 'open') return [...trail.slice(trail.indexOf(path)), path]
    state.set(path, 'open')
    trail.push(path)
    for (const { file, isType } of byPath.get(path)?.imports ?? []) {
      const circle = file === null || isType ? null : visit(file)
      if (circle) return circle
    }
    trail.pop()
    state.set(path, 'done')
    return null
  }
  for (const { path } of sources) {
    const circle = visit(path)
    if (circle) return circle
  }
  return null
}
