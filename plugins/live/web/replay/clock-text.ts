/** `1:02:03`, `2:03` or `3` in milliseconds; null for what is no such time. */
export function msOf(text: string): number | null {
  const match = /^\s*(?:(?:(\d{1,3}):)?(\d{1,4}):)?(\d{1,6})(?:[.,](\d{1,3}))?\s*$/.exec(text)
  if (!match) return null
  const [, hours, minutes, seconds, fraction] = match
  if (minutes !== undefined && Number(seconds) > 59) return null
  if (hours !== undefined && Number(minutes) > 59) return null
  const whole = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds)
  return whole * 1000 + Number((fraction ?? '').padEnd(3, '0'))
}
