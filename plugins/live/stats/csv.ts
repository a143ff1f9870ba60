import type { ShowStats } from '../contract.ts'

/** The curve with a line for each step, as RFC 4180 says. */
export function csvOf(stats: ShowStats): string {
  const names = [
    'at',
    'viewers',
    'joins',
    'leaves',
    'delay_ms',
    'delay_p95_ms',
    ...stats.figures.map(({ name }) => name),
  ]
  const from = Date.parse(stats.fromAt)
  const lines = stats.viewers.map((viewers, i) => {
    const at = new Date(from + i * stats.stepS * 1000).toISOString()
    const more = stats.figures.map(({ values }) => values[i] ?? 0)
    return [at, viewers, stats.joins[i], stats.leaves[i], stats.delayMs[i], stats.delayP95Ms[i], ...more]
  })
  return [names, ...lines]
    .map((line) => line.map(cell).join(','))
    .join('\r\n')
    .concat('\r\n')
}

function cell(value: string | number | null | undefined): string {
  const text = String(value ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
