import type { ChildProcess } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { endGroup, startGroup } from './process.ts'
import type { Result } from './tally.ts'

/** What the child says about one finished file. */
export type FileReport = {
  kind: 'done'
  file: string
  /** Work of the processors: of the process since the file before, and of all that it started and saw end. */
  cpuMs: number
  passed: number
  failed: number
  skipped: number
  failures: string
}

type Message = { kind: 'start'; file: string } | FileReport

/** Test files that share a process. */
export type Group = { name: string; files: string[] }

/** How a group went, with the files of it that failed. */
export type GroupResult = Result & { failedFiles: string[] }

const child = fileURLToPath(new URL('./suite-child.ts', import.meta.url))
const loader = fileURLToPath(new URL('./typescript.mjs', import.meta.url))
/** Those whose tests take longest first, so that no core is idle at the end. */
const zones = ['test', 'cli', 'plugins', 'server', 'web', 'migrations']

/** All test files below the zones, relative to the root, in the order of the zones. */
export async function listTestFiles(root: string): Promise<string[]> {
  const files: string[] = []
  for (const zone of zones) {
    const entries = await readdir(join(root, zone), { recursive: true, withFileTypes: true }).catch(() => [])
    const found = entries
      .filter((entry) => entry.isFile() && /\.test\.tsx?$/.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    files.push(...found.filter((path) => !path.includes('node_modules')).sort())
  }
  return files
}

/**
 * Groups files by their first three folders: one process each, so that module state does not leak far. Files of a
 * zone itself, which start servers and wait for them, and journeys are alone.
 */
export function groupFiles(files: readonly string[]): Group[] {
  const groups = new Map<string, string[]>()
  for (const file of files) {
    const folders = file.split(sep).slice(0, -1)
    const isAlone = folders.length === 1 || isJourney(file)
    const name = isAlone ? file : folders.slice(0, 3).join('/')
    groups.set(name, [...(groups.get(name) ?? []), file])
  }
  return [...groups].map(([name, list]) => ({ name, files: list }))
}

/** A story played in a real browser. */
export const isJourney = (file: string): boolean => file.startsWith(join('test', 'journeys', sep))

export type SuiteOptions = { root: string; env: NodeJS.ProcessEnv; fileTimeoutMs: number }

/** Runs a group, in as many processes as it takes: after a file that ended its process, the rest go on in a new one. */
export async function runGroup(group: Group, options: SuiteOptions): Promise<GroupResult> {
  const start = performance.now()
  const result: GroupResult = {
    name: group.name,
    ms: 0,
    cpuMs: 0,
    passed: 0,
    failed: 0,
    output: '',
    failedFiles: [],
  }
  let left = group.files
  while (left.length > 0) {
    const reports = await runProcess(left, options)
    for (const report of reports) {
      result.cpuMs += report.cpuMs
      result.passed += report.passed
      result.failed += report.failed + report.skipped
      if (report.failed + report.skipped > 0) result.failedFiles.push(report.file)
      result.output += report.failures === '' ? '' : `${report.file}\n${report.failures}\n`
      if (report.skipped > 0) result.output += `${report.file}: ${report.skipped} tests are skipped\n`
    }
    left = left.slice(Math.max(1, reports.length))
  }
  result.ms = performance.now() - start
  return result
}

/**
 * What failed beside the others runs once more alone: what fails again is broken, the rest is told as shaky. A test that
 * needs a quiet machine is a fault, too, but no reason to keep others' work from landing.
 */
export async function runAlone(
  first: GroupResult,
  run: (group: Group) => Promise<GroupResult>,
): Promise<Result> {
  const second = await run({ name: first.name, files: first.failedFiles })
  const ms = first.ms + second.ms
  const cpuMs = first.cpuMs + second.cpuMs
  if (second.failed > 0)
    return { ...first, ms, cpuMs, output: `${first.output}\nand alone:\n${second.output}` }
  return { ...first, ms, cpuMs, passed: first.passed + first.failed, failed: 0, isShaky: true }
}

/** One process; its last report is a failure when a file ended the process, hung or held no tests. */
function runProcess(files: readonly string[], options: SuiteOptions): Promise<FileReport[]> {
  return new Promise((resolve) => {
    const process = startChild(files, options)
    const reports: FileReport[] = []
    let current: string | null = files[0] ?? null
    let output = ''
    let hung = false
    let timer: NodeJS.Timeout | undefined
    const watch = () => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        hung = true
        endGroup(process)
      }, options.fileTimeoutMs)
    }
    watch()
    process.stdout?.on('data', (chunk: Buffer) => (output += chunk))
    process.stderr?.on('data', (chunk: Buffer) => (output += chunk))
    process.on('message', (message: Message) => {
      watch()
      if (message.kind === 'start') {
        current = message.file
        output = ''
      } else {
        current = null
        reports.push(checked(message, output))
      }
    })
    process.once('error', (error) => (output += error.message))
    process.once('close', (code, signal) => {
      clearTimeout(timer)
      endGroup(process)
      const how = hung
        ? `hung for ${options.fileTimeoutMs / 1000} s`
        : `ended its process (${signal ?? code})`
      const unfinished = current ?? files[reports.length]
      if (unfinished !== undefined) reports.push(failedFile(unfinished, `${how}\n${lastLines(output)}`))
      else if (code !== 0 && reports.length > 0)
        reports.push(failedFile(files.at(-1)!, `${how} after its tests\n${lastLines(output)}`))
      resolve(reports)
    })
  })
}

function startChild(files: readonly string[], { root, env }: SuiteOptions): ChildProcess {
  const flags = ['--conditions=veza-source', '--import', loader]
  const stdio = ['ignore', 'pipe', 'pipe', 'ipc'] as const
  return startGroup(process.execPath, [...flags, child, ...files], { cwd: root, env, stdio: [...stdio] })
}

function checked(report: FileReport, output: string): FileReport {
  if (report.passed + report.failed + report.skipped === 0)
    return failedFile(report.file, 'holds no tests that ran')
  // uvu keeps an error of a `before` hook to itself: its tests then neither ran nor failed by name.
  const words = report.failures === '' ? 'tests did not run: a `before` hook threw' : report.failures
  if (report.failed > 0) return { ...report, failures: `${words}\n${lastLines(output)}` }
  return report
}

function failedFile(file: string, failures: string): FileReport {
  return { kind: 'done', file, cpuMs: 0, passed: 0, failed: 1, skipped: 0, failures: `${file}: ${failures}` }
}

const lastLines = (text: string) => text.split('\n').slice(-60).join('\n')
