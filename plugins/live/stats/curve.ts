import type { ShowStats } from '../contract.ts'
import type { Step } from './show-figures.ts'

const mostPoints = 1_500
const widths = [10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600]

export type Curve = Pick<
  ShowStats,
  'fromAt' | 'stepS' | 'viewers' | 'joins' | 'leaves' | 'delayMs' | 'delayP95Ms'
>

/** Rows as arrays without holes: ten seconds wide, or as much wider as a page can show; nobody where there is no row. */
export function curveOf(steps: readonly Step[], from: number, until: number): Curve {
  const coarsest = Math.max(10, ...steps.map(({ stepS }) => stepS))
  const wanted = Math.max(coarsest, (until - from) / 1000 / mostPoints)
  const stepS = widths.find((width) => width >= wanted) ?? Math.ceil(wanted / 3_600) * 3_600
  const stepMs = stepS * 1000
  const fromMs = Math.floor(from / stepMs) * stepMs
  const count = Math.max(1, Math.ceil((until - fromMs) / stepMs))
  const zeros = () => Array.from({ length: count }, () => 0)
  const empty = () => Array.from({ length: count }, (): number | null => null)
  const curve = { viewers: zeros(), joins: zeros(), leaves: zeros(), delayMs: empty(), delayP95Ms: empty() }
  for (const step of steps) {
    const i = Math.floor((Date.parse(step.at) - fromMs) / stepMs)
    if (i < 0 || i >= count) continue
    curve.viewers[i] = Math.max(curve.viewers[i] ?? 0, step.viewers)
    curve.joins[i] = (curve.joins[i] ?? 0) + step.joins
    curve.leaves[i] = (curve.leaves[i] ?? 0) + step.leaves
    for (const key of ['delayMs', 'delayP95Ms'] as const)
      if (step[key] !== null) curve[key][i] = Math.max(curve[key][i] ?? 0, step[key])
  }
  return { fromAt: new Date(fromMs).toISOString(), stepS, ...curve }
}

/** How many came early enough to stay 1, 2, … minutes until then. */
export function dueOf(steps: readonly Step[], until: number, minutes: number): number[] {
  return Array.from({ length: minutes }, (_none, i) => {
    const latest = until - (i + 1) * 60_000
    return steps.reduce((sum, step) => (Date.parse(step.at) <= latest ? sum + step.people : sum), 0)
  })
}

/** Share of those who could that stayed 1, 2, … minutes. */
export function retentionOf(stays: readonly number[], due: readonly number[]): number[] {
  const shares: number[] = []
  for (const [i, could] of due.entries()) {
    if (could === 0) break
    shares.push(Math.round((Math.min(stays[i] ?? 0, could) / could) * 1000) / 1000)
  }
  return shares
}

/** Hours instead of ten seconds, for what is old. */
export function hoursOf(steps: readonly Step[]): Step[] {
  const hours = Map.groupBy(steps, ({ at }) => `${at.slice(0, 13)}:00:00.000Z`)
  return [...hours].map(([at, within]) => {
    const most = (key: 'delayMs' | 'delayP95Ms') => {
      const known = within.flatMap((step) => (step[key] === null ? [] : [step[key]]))
      return known.length === 0 ? null : Math.max(...known)
    }
    const sum = (key: 'people' | 'joins' | 'leaves') => within.reduce((total, step) => total + step[key], 0)
    const viewers = Math.max(...within.map((step) => step.viewers))
    return {
      at,
      stepS: 3_600,
      viewers,
      people: sum('people'),
      joins: sum('joins'),
      leaves: sum('leaves'),
      delayMs: most('delayMs'),
      delayP95Ms: most('delayP95Ms'),
    }
  })
}
