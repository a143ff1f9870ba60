import { type Money, moneyText } from '#contract'
import { locale } from './language.ts'

let timeZone: string | undefined
/** The zone that dates are shown in; null or one the browser does not know: the device's own. */
export function setTimeZone(zone: string | null): void {
  timeZone = zone && isTimeZone(zone) ? zone : undefined
}
function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** 4 332 000 ms -> `1 h 12 min`; under a minute `45 s`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const h = Math.floor(seconds / 3600)
  const min = Math.floor((seconds % 3600) / 60)
  if (h > 0) return min > 0 ? `${h} h ${min} min` : `${h} h`
  return min > 0 ? `${min} min` : `${seconds} s`
}

/** 364 000 ms -> `6:04`; from an hour on `1:02:03`. */
export function formatClock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const two = (value: number) => String(value).padStart(2, '0')
  const h = Math.floor(seconds / 3600)
  const rest = `${h > 0 ? two(Math.floor((seconds % 3600) / 60)) : Math.floor(seconds / 60)}:${two(seconds % 60)}`
  return h > 0 ? `${h}:${rest}` : rest
}

export type DateStyle = 'date' | 'time' | 'date-time' | 'short'
const styles: Record<DateStyle, Intl.DateTimeFormatOptions> = {
  date: { dateStyle: 'long' },
  time: { timeStyle: 'short' },
  'date-time': { dateStyle: 'medium', timeStyle: 'short' },
  short: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
}
/** ISO text as a date by locale, in the account's time zone or else the device's. */
export function formatDate(at: string, style: DateStyle = 'date-time'): string {
  return new Intl.DateTimeFormat(locale(), { ...styles[style], ...(timeZone && { timeZone }) }).format(
    new Date(at),
  )
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]
/** `3 minutes ago`, `yesterday`; older than a week: the date. */
export function formatAgo(at: string, now = Date.now()): string {
  const ms = new Date(at).getTime() - now
  if (Math.abs(ms) > 7 * 86_400_000) return formatDate(at, 'date')
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' })
  for (const [unit, size] of STEPS)
    if (Math.abs(ms) >= size) return format.format(Math.trunc(ms / size), unit)
  return format.format(0, 'second')
}

/** 734003200 -> `734 MB` (`734 Mo` in French), decimal units as disks are sold. */
export function formatBytes(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
  const step = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** step
  const digits = value < 10 && step > 0 ? 1 : 0
  return new Intl.NumberFormat(locale(), {
    style: 'unit',
    unit: units[step] ?? 'byte',
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: digits,
  }).format(value)
}

/** A number by locale; options as Intl takes them. */
export function formatNumber(value: number, options?: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(locale(), options).format(value)
}

/** 1234 minor units of EUR -> `€12.34` or `12,34 €`, by locale; `isShort` leaves out decimals that are all zero. */
export function formatMoney(money: Money, isShort = false): string {
  return moneyText(money, locale(), isShort)
}
