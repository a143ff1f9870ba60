import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parseCron } from './cron.ts'

const test = suite('cron')
const at = (text: string) => new Date(text)
const next = (line: string, from: string) => parseCron(line).next(at(from)).toISOString()
const latest = (line: string, from: string) => parseCron(line).latest(at(from)).toISOString()

test('finds the next tick of plain fields, lists, ranges, steps and names', () => {
  const from = '2026-01-05T10:00:00.000Z' // a Monday
  const expected: [string, string][] = [
    ['* * * * *', '2026-01-05T10:01:00.000Z'],
    ['0 10 * * *', '2026-01-06T10:00:00.000Z'],
    ['*/20 * * * *', '2026-01-05T10:20:00.000Z'],
    ['7-59/20 * * * *', '2026-01-05T10:07:00.000Z'],
    ['50/5 * * * *', '2026-01-05T10:50:00.000Z'],
    ['5,3,40 11 * * *', '2026-01-05T11:03:00.000Z'],
    ['0 0 1 * *', '2026-02-01T00:00:00.000Z'],
    ['0 0 * MAR sun', '2026-03-01T00:00:00.000Z'],
    ['0 0 * * 7', '2026-01-11T00:00:00.000Z'],
    ['0 0 * * sat-sun', '2026-01-10T00:00:00.000Z'],
    ['0 0 * * 5/1', '2026-01-09T00:00:00.000Z'],
    ['0 0 29 2 *', '2028-02-29T00:00:00.000Z'],
  ]
  for (const [line, tick] of expected) assert.is(next(line, from), tick, line)
})

test('takes either of day and weekday where both are narrowed', () => {
  assert.is(next('0 0 13 * fri', '2026-01-05T10:00:00.000Z'), '2026-01-09T00:00:00.000Z')
  assert.is(next('0 0 13 * fri', '2026-01-09T10:00:00.000Z'), '2026-01-13T00:00:00.000Z')
})

test('finds the latest tick, the moment itself included', () => {
  assert.is(latest('0 10 * * *', '2026-01-05T10:00:00.000Z'), '2026-01-05T10:00:00.000Z')
  assert.is(latest('0 10 * * *', '2026-01-05T09:59:59.999Z'), '2026-01-04T10:00:00.000Z')
  assert.is(latest('0 0 31 * *', '2026-03-01T00:00:00.000Z'), '2026-01-31T00:00:00.000Z')
})

test('crosses a century without a leap day', () => {
  assert.is(next('0 0 29 2 *', '2096-03-01T00:00:00.000Z'), '2104-02-29T00:00:00.000Z')
})

test('refuses wrong lines with a sentence', () => {
  const wrong = [
    '',
    '* * * *',
    '* * * * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * * 13 *',
    '* * * * 8',
  ]
  const odd = [
    '5-1 * * * *',
    '*/0 * * * *',
    'x * * * *',
    '1,,2 * * * *',
    '-1 * * * *',
    '* * * foo *',
    '0 0 30 2 *',
  ]
  for (const line of [...wrong, ...odd]) assert.throws(() => parseCron(line), /^The cron line '/, line)
})

const number = (min: number, max: number) =>
  fc.oneof(
    fc.constant('*'),
    fc.integer({ min, max }).map(String),
    fc
      .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
      .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
    fc.integer({ min: 1, max: 15 }).map((step) => `*/${step}`),
    fc.array(fc.integer({ min, max }), { minLength: 1, maxLength: 4 }).map((list) => list.join(',')),
  )
const line = fc
  .tuple(number(0, 59), number(0, 23), number(1, 28), number(1, 12), number(0, 6))
  .map((parts) => parts.join(' '))
const moment = fc.date({ min: at('1990-01-01'), max: at('2090-01-01'), noInvalidDate: true })

test('gives ticks that are whole minutes, strictly after, and consistent in both directions', () => {
  fc.assert(
    fc.property(line, moment, (text, from) => {
      const cron = parseCron(text)
      const tick = cron.next(from)
      assert.ok(tick > from)
      assert.is(tick.getTime() % 60_000, 0)
      assert.equal(cron.latest(tick), tick)
      assert.equal(cron.next(new Date(tick.getTime() - 1)), tick)
      const before = cron.latest(from)
      assert.ok(before <= from)
      // Nothing lies between the latest and the next.
      assert.equal(cron.next(before), tick)
      assert.equal(cron.latest(new Date(tick.getTime() - 1)), before)
    }),
    { numRuns: 300 },
  )
})

test('agrees with looking at every minute of a week', () => {
  const fits = (text: string, value: number) =>
    text.split(',').some((part) => {
      const [range, step] = part.split('/')
      if (range === '*') return value % Number(step ?? 1) === 0
      const [low, high] = range!.split('-').map(Number)
      return value >= low! && value <= (high ?? low!)
    })
  fc.assert(
    fc.property(number(0, 59), number(0, 23), number(0, 6), moment, (minute, hour, weekday, from) => {
      const start = Math.floor(from.getTime() / 60_000) * 60_000
      let expected: Date | null = null
      for (let i = 1; i <= 8 * 24 * 60 && !expected; i += 1) {
        const date = new Date(start + i * 60_000)
        const isTick =
          fits(minute, date.getUTCMinutes()) &&
          fits(hour, date.getUTCHours()) &&
          fits(weekday, date.getUTCDay())
        if (isTick) expected = date
      }
      assert.equal(parseCron(`${minute} ${hour} * * ${weekday}`).next(from), expected)
    }),
    { numRuns: 60 },
  )
})

test.run()
