import type { FileCoverage } from './coverage.ts'

/** Least share of covered lines, in per cent, for the whole server side and for the parts all others rest on. */
const LIMITS = [
  { zone: '', name: 'overall', percent: 85 },
  { zone: 'server/kernel/', name: 'server/kernel', percent: 95 },
  { zone: 'server/jobs/', name: 'server/jobs', percent: 95 },
  { zone: 'server/sites/', name: 'server/sites', percent: 95 },
] as const

/** One limit, held or not; `text` is the line for people. */
export type Verdict = { name: string; ok: boolean; text: string }

/** Holds the measured files against the limits. A zone without code fails: then the measurement is broken. */
export function judgeCoverage(files: readonly FileCoverage[]): Verdict[] {
  return LIMITS.map(({ zone, name, percent }) => {
    const inside = files.filter(({ path }) => path.startsWith(zone))
    const total = sum(inside.map((file) => file.total))
    const covered = sum(inside.map((file) => file.covered))
    const share = total === 0 ? 0 : (100 * covered) / total
    const text = `${name}: ${share.toFixed(1)} % of ${total} lines, at least ${percent} %`
    return { name, ok: share >= percent, text }
  })
}

/** The files with most uncovered lines, with the numbers of these lines. */
export function listGaps(files: readonly FileCoverage[], count: number): string {
  return [...files]
    .filter(({ missed }) => missed.length > 0)
    .sort((a, b) => b.missed.length - a.missed.length)
    .slice(0, count)
    .map((file) => `${file.path} ${file.covered}/${file.total}: ${spans(file.missed)}`)
    .join('\n')
}

/** [1, 2, 3, 7] as '1-3,7'. */
export function spans(lines: readonly number[]): string {
  const parts: [number, number][] = []
  for (const line of lines) {
    const last = parts.at(-1)
    if (last && line === last[1] + 1) last[1] = line
    else parts.push([line, line])
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',')
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
