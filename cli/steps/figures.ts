import type { ProcessStatus, SiteStatus } from '../../server/admin/status.ts'

/** One figure with its words, as a person reads it. */
export interface Figure {
  label: string
  value: string
}

/** A site's own figures, summed over the processes that serve it. */
export function siteFigures(processes: readonly ProcessStatus[], name: string): Figure[] {
  const sums = new Map<string, number>()
  for (const { help, value } of processes.flatMap((one) => siteIn(one, name)?.gauges ?? []))
    sums.set(help, (sums.get(help) ?? 0) + (Number.isFinite(value) ? value : 0))
  return [...sums].map(([label, value]) => ({ label: label.replace(/\.$/, ''), value: String(value) }))
}

/** Jobs by state, as the site's database has them. */
export function jobFigures(processes: readonly ProcessStatus[], name: string): Figure[] {
  const jobs = firstOverview(processes, name)?.jobs ?? {}
  return ['running', 'waiting', 'failed'].map((state) => ({
    label: `Jobs ${state}`,
    value: String(jobs[state] ?? 0),
  }))
}

/** Processor, memory and disk of the machine, as these processes use them. */
export function machineFigures(processes: readonly ProcessStatus[]): Figure[] {
  const overviews = processes.flatMap((one) => one.sites[0]?.overview ?? [])
  const cpu = overviews.reduce((sum, { cpu: share }) => sum + share, 0)
  const memory = overviews.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0)
  const disk = overviews[0]?.disk ?? { freeBytes: 0, totalBytes: 0 }
  return [
    { label: 'CPU', value: `${Math.round(cpu * 100)} % of one core` },
    { label: 'Memory', value: `${Math.round(memory / 1024 ** 2)} MB` },
    { label: 'Disk', value: `${gigabytes(disk.freeBytes)} of ${gigabytes(disk.totalBytes)} free` },
  ]
}

/** Every finding of the checks, once. */
export function findingsOf(processes: readonly ProcessStatus[]): { message: string; remedy: string }[] {
  const found = new Map<string, { message: string; remedy: string }>()
  for (const { overview } of processes.flatMap((one) => one.sites))
    for (const { isOk, message, remedy } of overview.checks)
      if (!isOk) found.set(message, { message, remedy })
  return [...found.values()]
}

const siteIn = (one: ProcessStatus, name: string): SiteStatus | undefined =>
  one.sites.find((site) => site.name === name)

const firstOverview = (processes: readonly ProcessStatus[], name: string) =>
  processes.map((one) => siteIn(one, name)?.overview).find((overview) => overview !== undefined)

const gigabytes = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GB`

/** `2 d 3 h`, `3 h 5 min`, `12 s` */
export function since(startedAt: string, now = Date.now()): string {
  const s = Math.max(0, Math.round((now - Date.parse(startedAt)) / 1000))
  if (s < 60) return `${s} s`
  if (s < 3600) return `${Math.floor(s / 60)} min`
  if (s < 86_400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`
  return `${Math.floor(s / 86_400)} d ${Math.floor((s % 86_400) / 3600)} h`
}
