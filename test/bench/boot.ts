import { median, sleep, spread } from './kit/numbers.ts'
import { treeOf, usageOf } from './kit/processes.ts'
import { until } from './kit/program.ts'
import type { Finding } from './kit/report.ts'
import { bootVeza } from './kit/veza.ts'

const starts = 5
const settleMs = 5_000

/** One start: milliseconds until ready, and megabytes when idle. */
async function start(): Promise<{ readyMs: number; web: number; ingest: number }> {
  const { veza, startedAt } = await bootVeza()
  try {
    await until('Veza is ready', veza.isReady, 5)
    const readyMs = performance.now() - startedAt
    await sleep(settleMs)
    const ingest = usageOf([veza.ingestPid()]).residentMb
    return { readyMs, ingest, web: usageOf(treeOf(veza.pid)).residentMb - ingest }
  } finally {
    await veza.stop()
  }
}

/** How soon the server is there, and what it takes when nobody is. */
export async function boot(): Promise<Finding> {
  const found: { readyMs: number; web: number; ingest: number }[] = []
  for (let i = 0; i < starts; i++) found.push(await start())
  const ready = found.map((one) => one.readyMs)
  const all = found.map((one) => one.web + one.ingest)
  return {
    name: 'boot',
    title: 'Start and idle memory',
    how: `\`veza start\` on a fresh data folder with SQLite to the first 200 of /health/ready, and resident memory of all its processes ${settleMs / 1000} s later (pages they share count in each). Median of ${starts} (least to greatest).`,
    columns: ['ready, ms', 'web and worker, MB', 'ingest, MB', 'all, MB'],
    rows: [
      [
        spread(ready, 0),
        spread(
          found.map((one) => one.web),
          0,
        ),
        spread(
          found.map((one) => one.ingest),
          0,
        ),
        spread(all, 0),
      ],
    ],
    aims: [
      { what: 'Start to ready', measured: median(ready) / 1000, atMost: 2, unit: 's' },
      { what: 'Idle memory', measured: median(all), atMost: 200, unit: 'MB' },
    ],
  }
}
