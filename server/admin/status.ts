import type { admin } from '#contract'
import type { GaugeReading, MetricsRegistry } from '../metrics/index.ts'
import type { Site } from '../sites/site.ts'
import { overviewOf } from './overview.ts'

/** One site as one process sees it. */
export interface SiteStatus {
  name: string
  url: string
  title: string
  overview: admin.Overview
  plugins: admin.PluginState[]
  /** The site's own figures in this process: streams, viewers, connections. */
  gauges: GaugeReading[]
}

/** What a running process says of itself on its control socket. */
export interface ProcessStatus {
  pid: number
  version: string
  roles: string[]
  startedAt: string
  httpPort: number | null
  sites: SiteStatus[]
}

export interface StatusParts {
  version: string
  roles: readonly string[]
  startedAt: string
  sites: readonly Site[]
  metrics: MetricsRegistry
  overviewParts(site: Site): Parameters<typeof overviewOf>[0]
}

/** Asks everything the process knows of itself. */
export async function statusOf(parts: StatusParts, httpPort: number | null): Promise<ProcessStatus> {
  const { version, roles, startedAt, sites, metrics } = parts
  return {
    pid: process.pid,
    version,
    roles: [...roles],
    startedAt,
    httpPort,
    sites: await Promise.all(
      sites.map(async (site) => ({
        name: site.row.name,
        url: site.row.url,
        title: site.settings.site().title,
        overview: await overviewOf(parts.overviewParts(site)),
        plugins: site.kernel.states(),
        gauges: metrics.gaugesOf(site.row.name),
      })),
    ),
  }
}
