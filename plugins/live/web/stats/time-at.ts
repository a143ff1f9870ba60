import { formatDate } from '#web'

/** The time of day of each step. */
export const timeAt = (fromAt: string, stepS: number) => (i: number) =>
  formatDate(new Date(Date.parse(fromAt) + i * stepS * 1000).toISOString(), 'time')
