/** A parsed five-field cron line, in UTC. */
export interface Cron {
  /** The first tick after `at`. */
  next(at: Date): Date
  /** The last tick not after `at`. */
  latest(at: Date): Date
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const dayMs = 86_400_000
// One date on one weekday can be forty years away, around a century that skips its leap day.
const farthestDays = 41 * 366

interface Field {
  title: string
  min: number
  max: number
  names?: { first: number; list: string[] }
}
const fields: [Field, Field, Field, Field, Field] = [
  { title: 'minute', min: 0, max: 59 },
  { title: 'hour', min: 0, max: 23 },
  { title: 'day of the month', min: 1, max: 31 },
  { title: 'month', min: 1, max: 12, names: { first: 1, list: months } },
  { title: 'day of the week', min: 0, max: 7, names: { first: 0, list: weekdays } },
]

/**
 * Reads `minute hour day month weekday`: `*`, numbers, names, lists, ranges and steps. Where day and weekday are both
 * narrowed, either is enough, as in cron(8). Throws a sentence for a line that is wrong or can never come.
 */
export function parseCron(line: string): Cron {
  const parts = line.trim().toLowerCase().split(/\s+/)
  if (parts.length !== 5) throw new Error(`The cron line '${line}' has ${parts.length} fields instead of 5.`)
  const [minutes, hours, days, monthSet, dows] = fields.map((field, i) => parseField(parts[i]!, field, line))
  const isDayFree = parts[2]!.startsWith('*')
  const isDowFree = parts[4]!.startsWith('*')
  const hasDay = (date: Date) => {
    if (!monthSet!.has(date.getUTCMonth() + 1)) return false
    const byDay = days!.has(date.getUTCDate())
    const byDow = dows!.has(date.getUTCDay())
    return isDayFree || isDowFree ? byDay && byDow : byDay || byDow
  }
  const ticks = [...hours!].flatMap((hour) => [...minutes!].map((minute) => (hour * 60 + minute) * 60_000))
  ticks.sort((a, b) => a - b)
  const cron = {
    next: (at: Date) => search(at, 1, hasDay, ticks),
    latest: (at: Date) => search(at, -1, hasDay, ticks),
  }
  if (Number.isNaN(cron.next(new Date(0)).getTime())) throw new Error(`The cron line '${line}' never comes.`)
  return cron
}

function search(at: Date, direction: 1 | -1, hasDay: (date: Date) => boolean, ticks: number[]): Date {
  const midnight = Math.floor(at.getTime() / dayMs) * dayMs
  const sinceMidnight = at.getTime() - midnight
  for (let i = 0; i <= farthestDays; i += 1) {
    const day = midnight + direction * i * dayMs
    if (!hasDay(new Date(day))) continue
    const tick =
      direction === 1
        ? ticks.find((t) => i > 0 || t > sinceMidnight)
        : ticks.findLast((t) => i > 0 || t <= sinceMidnight)
    if (tick !== undefined) return new Date(day + tick)
  }
  return new Date(Number.NaN)
}

function parseField(text: string, field: Field, line: string): Set<number> {
  const values = new Set<number>()
  for (const part of text.split(',')) {
    const match = /^(\*|[a-z0-9]+(?:-[a-z0-9]+)?)(?:\/(\d+))?$/.exec(part)
    if (!match) throw wrong(line, field, part)
    const step = match[2] === undefined ? 1 : Number(match[2])
    const [from, to] = rangeOf(match[1]!, match[2] !== undefined, field, line)
    if (step < 1 || from > to) throw wrong(line, field, part)
    for (let value = from; value <= to; value += step) values.add(isWeekday(field) ? value % 7 : value)
  }
  return values
}

function rangeOf(text: string, hasStep: boolean, field: Field, line: string): [number, number] {
  const top = isWeekday(field) ? 6 : field.max
  if (text === '*') return [field.min, top]
  const [first, last] = text.split('-')
  const from = numberOf(first!, field, line)
  if (last === undefined) return [from, hasStep ? top : from]
  const to = numberOf(last, field, line)
  // Sunday ends a week as 7 and begins one as 0.
  return [from, isWeekday(field) && to === 0 && from > 0 ? 7 : to]
}

function numberOf(text: string, field: Field, line: string): number {
  const named = field.names ? field.names.list.indexOf(text) : -1
  const value = named >= 0 ? named + field.names!.first : /^\d{1,2}$/.test(text) ? Number(text) : -1
  if (value < field.min || value > field.max) throw wrong(line, field, text)
  return value
}

const isWeekday = (field: Field) => field.max === 7

const wrong = (line: string, field: Field, part: string) =>
  new Error(`The cron line '${line}' has '${part}' for the ${field.title}.`)
