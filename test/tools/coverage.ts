/**
 * Line coverage from V8's raw data of every process of the run, sources and built files alike.
 * c8 is not used: it counts comments, types and blank lines as covered. Here a line counts when it holds code, and is
 * covered when some code of it ran. Sources run as they are written (see typescript.mjs); what was built, or compiled by
 * the way, is mapped back.
 */
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decode, type SourceMapSegment } from '@jridgewell/sourcemap-codec'
import { transform } from 'esbuild'

/** Lines of code of one source file and which of them ran. */
export type FileCoverage = { path: string; total: number; covered: number; missed: number[] }

type Range = { startOffset: number; endOffset: number; count: number }
type Script = { url: string; functions: { ranges: Range[] }[] }
type Mapping = { lineLengths: number[]; data: { mappings: string; sources?: string[] } | null }
/** A file and how its pieces lie in sources, which `sources` names by number; null for what is not measured. */
type Mapped = { sources: (string | null)[]; mapping: Mapping }
/** A source as it is written: lines that hold code, and the pieces of it on each line. */
type Source = { lines: number[]; lineLengths: number[]; segments: SourceMapSegment[][] }
type Raw = { result: Script[]; 'source-map-cache'?: Record<string, Mapping> }

const zones = ['cli', 'server', 'plugins', 'migrations']
const outside = /(^|\/)testdata\/|\.test\.tsx?$|\.d\.ts$|(^|\/)web\/|^plugins\/web\.ts$/

/** What ran so far, from the raw data that is added as its processes end: all at once would hold the run up. */
export class Coverage {
  readonly #root: string
  /** Lines that ran, by source file. */
  readonly #ran = new Map<string, Set<number>>()
  /** Processes mostly load the same modules: each is read and decoded once. */
  readonly #built = new Map<string, Promise<Mapped | undefined>>()
  readonly #decoded = new Map<string, { mappings: string; segments: SourceMapSegment[][] }>()
  /** Where code lies in the sources. */
  readonly #sources = new Map<string, Promise<Source>>()

  constructor(root: string) {
    this.#root = root
  }

  /** Reads all raw data in `folder`, which nobody may be writing any more; one that is not there holds none. */
  async add(folder: string): Promise<void> {
    for (const name of await readdir(folder).catch(() => [])) {
      const raw = JSON.parse(await readFile(join(folder, name), 'utf8').catch(() => '{"result":[]}')) as Raw
      for (const script of raw.result) await this.#addScript(script, raw['source-map-cache'] ?? {})
    }
  }

  /** Measures every source file of the server side, loaded or not. */
  async measure(): Promise<FileCoverage[]> {
    const files: FileCoverage[] = []
    for (const path of await listSources(this.#root)) {
      const { lines } = await this.#sourceAt(path)
      const hit = this.#ran.get(path) ?? new Set()
      const missed = lines.filter((line) => !hit.has(line))
      files.push({ path, total: lines.length, covered: lines.length - missed.length, missed })
    }
    return files
  }

  async #addScript(script: Script, maps: Record<string, Mapping>): Promise<void> {
    const url = script.url.split('?')[0]!
    if (!url.startsWith('file:') || url.includes('/node_modules/')) return
    const path = relative(this.#root, fileURLToPath(url))
    if (path.startsWith(`dist${sep}`)) {
      const built = await this.#builtAt(path)
      if (built) this.#collect(script, path, built)
      return
    }
    if (!isMeasured(path)) return
    const compiled = maps[script.url]
    if (compiled) this.#collect(script, path, { sources: [path], mapping: compiled })
    else {
      const { lineLengths, segments } = await this.#sourceAt(path)
      const lines = this.#linesOf(path)
      walkRan(script, lineLengths, segments, (_source, line) => lines.add(line))
    }
  }

  #collect(script: Script, path: string, { sources, mapping }: Mapped): void {
    if (!mapping.data) return
    const lines = sources.map((source) => (source === null ? null : this.#linesOf(source)))
    const segments = this.#segmentsOf(path, mapping.data.mappings)
    walkRan(script, mapping.lineLengths, segments, (source, line) => lines[source]?.add(line))
  }

  #linesOf(source: string): Set<number> {
    const lines = this.#ran.get(source) ?? new Set()
    this.#ran.set(source, lines)
    return lines
  }

  #sourceAt(path: string): Promise<Source> {
    const known = this.#sources.get(path) ?? readSource(join(this.#root, path))
    this.#sources.set(path, known)
    return known
  }

  #builtAt(path: string): Promise<Mapped | undefined> {
    const known = this.#built.get(path) ?? readBuilt(this.#root, path)
    this.#built.set(path, known)
    return known
  }

  #segmentsOf(path: string, mappings: string): SourceMapSegment[][] {
    const known = this.#decoded.get(path)
    if (known?.mappings === mappings) return known.segments
    const segments = decode(mappings)
    this.#decoded.set(path, { mappings, segments })
    return segments
  }
}

const isMeasured = (source: string) => zones.includes(source.split(sep)[0]!) && !outside.test(source)

/** A built file holds many sources, each named from where it lies. */
async function readBuilt(root: string, path: string): Promise<Mapped | undefined> {
  try {
    const code = await readFile(join(root, path), 'utf8')
    const data = JSON.parse(await readFile(join(root, `${path}.map`), 'utf8')) as Required<Mapping>['data']
    const lineLengths = code.split('\n').map((line) => line.length)
    const sources = (data?.sources ?? []).map((source) => join(dirname(path), source))
    return {
      sources: sources.map((source) => (isMeasured(source) ? source : null)),
      mapping: { lineLengths, data },
    }
  } catch {
    return undefined
  }
}

/**
 * Walks the mapped pieces of the generated code with the stack of V8's nested ranges; the innermost count holds. Tells
 * the lines that ran, each with the number of its source.
 */
function walkRan(
  script: Script,
  lengths: number[],
  mappings: SourceMapSegment[][],
  ran: (source: number, line: number) => void,
): void {
  const ranges = script.functions
    .flatMap((entry) => entry.ranges)
    .sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset)
  const stack: Range[] = []
  let next = 0
  let lineStart = 0
  mappings.forEach((segments, index) => {
    for (const segment of segments) {
      if (segment.length < 4) continue
      const offset = lineStart + segment[0]
      while (next < ranges.length && ranges[next]!.startOffset <= offset) {
        while (stack.length > 0 && stack.at(-1)!.endOffset <= ranges[next]!.startOffset) stack.pop()
        stack.push(ranges[next++]!)
      }
      while (stack.length > 0 && stack.at(-1)!.endOffset <= offset) stack.pop()
      if ((stack.at(-1)?.count ?? 0) > 0) ran(segment[1]!, segment[2]! + 1)
    }
    lineStart += (lengths[index] ?? 0) + 1
  })
}

/** Where a source holds code, which is what is left of it after types and comments, beyond brackets. */
async function readSource(file: string): Promise<Source> {
  const source = await readFile(file, 'utf8')
  const { map } = await transform(source, {
    loader: file.endsWith('x') ? 'tsx' : 'ts',
    format: 'esm',
    target: 'node22',
    jsx: 'automatic',
    minifyWhitespace: true,
    sourcemap: 'external',
    sourcefile: file,
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  })
  const text = source.split('\n')
  const segments: SourceMapSegment[][] = text.map(() => [])
  for (const segment of decode(JSON.parse(map).mappings).flat())
    if (segment.length > 3) segments[segment[2]!]?.push([segment[3]!, 0, segment[2]!, segment[3]!])
  for (const line of segments) line.sort((a, b) => a[0] - b[0])
  const lines = segments.flatMap((line, at) => (line.length > 0 && /\w/.test(text[at] ?? '') ? [at + 1] : []))
  return { lines, lineLengths: text.map((line) => line.length), segments }
}

async function listSources(root: string): Promise<string[]> {
  const files: string[] = []
  for (const zone of zones) {
    const entries = await readdir(join(root, zone), { recursive: true, withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      const path = relative(root, join(entry.parentPath, entry.name))
      if (entry.isFile() && /\.tsx?$/.test(path) && !outside.test(path)) files.push(path)
    }
  }
  return files.sort()
}
