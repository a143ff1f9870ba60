const two = (value: number) => String(value).padStart(2, '0')

/** ISO text as a `datetime-local` field takes it, in the device's time zone. */
export function localOf(at: string): string {
  const date = new Date(at)
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`
}

/** The other way; null for what is no time. */
export function utcOf(local: string): string | null {
  const ms = local === '' ? Number.NaN : new Date(local).getTime()
  return Number.isNaN(ms) ? null : new Date(ms).toISOString()
}

export const deviceZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone
