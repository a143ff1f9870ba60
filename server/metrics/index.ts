import { collectDefaultMetrics, Gauge, Histogram, Counter as PromCounter, Registry } from 'prom-client'
import type { Metrics } from '#sdk'

/** The process's metrics, in Prometheus' text format. */
export interface MetricsRegistry {
  /** The same names on several sites, told apart by the label `site`. */
  forSite(site: string): Metrics
  /** A closed site's gauges are no longer asked. */
  forget(site: string): void
  observeRequest(kind: string, status: number, seconds: number): void
  text(): Promise<string>
  /** What a site's gauges say now: its own figures, in the words they were declared with. */
  gaugesOf(site: string): GaugeReading[]
}

export interface GaugeReading {
  name: string
  help: string
  value: number
}

/** Makes the registry, with the figures of the process itself in it. */
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
  const gauges = new Map<string, KnownGauge>()
  return {
    forSite: (site) => siteMetrics(registry, gauges, site),
    forget: (site) => {
      for (const { readers } of gauges.values()) readers.delete(site)
    },
    observeRequest: (kind, status, seconds) =>
      requests.observe({ kind, status: `${Math.floor(status / 100)}xx` }, seconds),
    text: () => registry.metrics(),
    gaugesOf: (site) =>
      [...gauges].flatMap(([name, { help, readers }]) => {
        const read = readers.get(site)
        return read ? [{ name, help, value: ask(read) }] : []
      }),
  }
}

/** Who answers for each site. */
type Readers = Map<string, () => number>
interface KnownGauge {
  help: string
  readers: Readers
}

function siteMetrics(registry: Registry, gauges: Map<string, KnownGauge>, site: string): Metrics {
  return {
    counter: (name, help, labels = []) => {
      const counter = findCounter(registry, checkName(name), help, labels)
      return { inc: (values = {}, by = 1) => counter.inc({ ...values, site }, by) }
    },
    gauge: (name, help, read) => {
      const known = gauges.get(checkName(name)) ?? { help, readers: addGauge(registry, name, help) }
      gauges.set(name, known)
      known.readers.set(site, read)
    },
  }
}

function checkName(name: string): string {
  if (!/^veza_[a-z0-9_]+$/.test(name)) throw new Error(`A metric is named veza_…, not ${name}.`)
  return name
}

function findCounter(registry: Registry, name: string, help: string, labels: string[]): PromCounter {
  const known = registry.getSingleMetric(name)
  if (known instanceof PromCounter) return known
  return new PromCounter({ name, help, labelNames: ['site', ...labels], registers: [registry] })
}

function addGauge(registry: Registry, name: string, help: string): Readers {
  const readers: Readers = new Map()
  new Gauge({
    name,
    help,
    labelNames: ['site'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [site, read] of readers) this.set({ site }, ask(read))
    },
  })
  return readers
}

/** A figure that cannot be had is no reason to give none of them. */
function ask(read: () => number): number {
  try {
    return read()
  } catch {
    return Number.NaN
  }
}
