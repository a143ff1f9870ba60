/** `2026-03-01` as the moment that day begins where the reader is; undefined for anything that is no day. */
export function beginOf(day: string): string | undefined {
  return momentOf(day, 0)
}

/** The last millisecond of that day where the reader is. */
export function endOf(day: string): string | undefined {
  return momentOf(day, 1)
}

function momentOf(day: string, daysLater: number): string | undefined {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)
  if (!found) return undefined
  const [year = 0, month = 0, date = 0] = found.slice(1).map(Number)
  // By the calendar, since a day has not always 24 hours.
  const at = new Date(year, month - 1, date + daysLater)
  if (Number.isNaN(at.getTime())) return undefined
  return new Date(at.getTime() - daysLater).toISOString()
}
