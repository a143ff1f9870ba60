/**
 * Runs uvu test files one after another in this process and reports each to the parent, so that a file that
 * kills or hangs the process is known by name. uvu's own runner reports only when all files have ended.
 */
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type { FileReport } from './suites.ts'

/** What `test.run()` of uvu leaves in its queue: [failures or true, passed, skipped, total]. */
type Suite = () => Promise<[errors: string | true, passed: number, skipped: number, total: number]>
type Uvu = { UVU_DEFER?: number; UVU_QUEUE?: Suite[][] }

const uvu = globalThis as Uvu
uvu.UVU_DEFER = 1
uvu.UVU_QUEUE = [[]]

/** Work of the processors so far, for this process and for all that it started and saw end. */
function worked(): number {
  try {
    // proc(5): utime, stime, cutime and cstime in hundredths of a second, behind the name, which may hold anything.
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return 10 * fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0)
  } catch {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  }
}

let counted = 0

async function runFile(file: string): Promise<FileReport> {
  const suites: Suite[] = []
  uvu.UVU_QUEUE![0] = suites
  const report: FileReport = { kind: 'done', file, cpuMs: 0, passed: 0, failed: 0, skipped: 0, failures: '' }
  try {
    await import(pathToFileURL(file).href)
    for (const run of suites) {
      const [errors, passed, skipped, total] = await run()
      report.passed += passed
      report.failed += total - passed
      report.skipped += skipped
      if (errors !== true) report.failures += errors
    }
  } catch (error) {
    report.failed += 1
    report.failures += error instanceof Error ? error.stack : String(error)
  }
  const now = worked()
  report.cpuMs = now - counted
  counted = now
  return report
}

function tell(message: unknown): Promise<void> {
  return new Promise((resolve) => {
    process.send!(message, () => resolve())
  })
}

for (const file of process.argv.slice(2)) {
  await tell({ kind: 'start', file })
  await tell(await runFile(file))
}
process.disconnect()
// What a test forgot to close must not hold the run up; it is named instead.
setTimeout(() => {
  process.stderr.write(`left open at the end: ${process.getActiveResourcesInfo().join(', ')}\n`)
  process.exit(0)
}, 3000).unref()
