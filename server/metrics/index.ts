import { collectDefaultMetrics, Gauge, Histogram, Counter as PromCounter, Registry } from 'prom-client'
import type { Metrics } from '#sdk'

/** The process's metrics, in Prometheus' text format. */
export interface MetricsRegistry {
  /** The same names on several sites, told apart by the label `site`. */
  forSite(site: string): Metrics
  observeRequest(kind: string, status: number, seconds: number): void
  text(): Promise<string>
}

export function createMetrics(): MetricsRegistry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'veza_http_request_seconds',
    help: 'Time to answer, by kind and status class.',
    labelNames: ['kind', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  })
  return {
    forSite: (site) => siteMetrics(registry, site),
    observeRequest: (kind, status, seconds) =>
      requests.observe({ kind, status: `${Math.floor(status / 100)}xx` }, seconds),
    text: () => registry.metrics(),
  }
}

function siteMetrics(registry: Registry, site: string): Metrics {
  return {
    counter: (name, help, labels = []) => {
      const known = registry.getSingleMetric(name) as PromCounter | undefined
      const counter =
        known ?? new PromCounter({ name, help, labelNames: ['site', ...labels], registers: [registry] })
      return { inc: (values = {}, by = 1) => counter.inc({ ...values, site }, by) }
    },
    gauge: (name, help, read) => {
      const known = registry.getSingleMetric(name) as
        | (Gauge & { readers?: Map<string, () => number> })
        | undefined
      if (known?.readers) {
        known.readers.set(site, read)
        return
      }
      const readers = new Map([[site, read]])
      const gauge = new Gauge({
        name,
        help,
        labelNames: ['site'],
        registers: [registry],
        collect() {
          for (const [label, value] of readers) this.set({ site: label }, value())
        },
      })
      Object.assign(gauge, { readers })
    },
  }
}
