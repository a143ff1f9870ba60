import { formatClock, formatDuration } from '#web'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** What is shown of the time that is left: whole days, hours and minutes, or a clock in the last hour. */
type Left = { kind: 'days'; count: number } | { kind: 'time'; text: string } | { kind: 'now' }

export function timeLeft(ms: number): Left {
  if (ms <= 0) return { kind: 'now' }
  if (ms < hourMs) return { kind: 'time', text: formatClock(ms) }
  if (ms < 2 * dayMs) return { kind: 'time', text: formatDuration(Math.floor(ms / 60_000) * 60_000) }
  return { kind: 'days', count: Math.round(ms / dayMs) }
}

/** How often it has to be looked at again. */
export const tickMs = (ms: number): number => (ms < hourMs + 60_000 ? 1_000 : 20_000)
