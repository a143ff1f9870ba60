import { statfs } from 'node:fs/promises'
import type { admin } from '#contract'
import { countAccounts } from '../identity/accounts.ts'
import { countMail } from '../mail/index.ts'
import type { Check } from '../sdk/index.ts'
import type { Site } from '../sites/site.ts'
import { runChecks } from './checks.ts'

export interface OverviewParts {
  site: Site
  dataDir: string
  roles: readonly string[]
  startedAt: string
  version: string
  checks(): Check[]
  /** Share of one core used over the last seconds. */
  cpu(): number
}

/** Everything the overview shows, what the checks found in that language; also what `veza status --json` prints. */
export async function overviewOf(
  { site, dataDir, roles, startedAt, version, checks, cpu }: OverviewParts,
  language = 'en',
): Promise<admin.Overview> {
  const disk = await statfs(dataDir)
  const [counts, accounts, mailHeld, results] = await Promise.all([
    site.jobs.counts(),
    countAccounts(site.database.db),
    countMail(site.database.db, 'held'),
    runChecks(checks(), language),
  ])
  return {
    version,
    nodeVersion: process.versions.node,
    startedAt,
    roles: [...roles],
    database: site.database.db.dialect,
    memoryBytes: process.memoryUsage.rss(),
    cpu: cpu(),
    disk: {
      freeBytes: disk.bavail * disk.bsize,
      totalBytes: disk.blocks * disk.bsize,
      usedByDataBytes: null,
    },
    connections: site.hub.connectionCount,
    accounts,
    jobs: counts,
    mailHeld,
    checks: results,
  }
}

/** Samples the process's CPU time every two seconds; the share of one core since the last sample. */
export function createCpuMeter(): { read(): number; stop(): void } {
  let usage = process.cpuUsage()
  let at = performance.now()
  let share = 0
  const timer = setInterval(() => {
    const now = performance.now()
    const spent = process.cpuUsage(usage)
    share = (spent.user + spent.system) / 1000 / (now - at)
    usage = process.cpuUsage()
    at = now
  }, 2000)
  timer.unref()
  return { read: () => share, stop: () => clearInterval(timer) }
}
