import ICAL from 'ical.js'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type CalendarEvent, calendarText } from './calendar.ts'

const test = suite('calendars of planned sets [LIVE-06]')

const event: CalendarEvent = {
  uid: '01a202fc-49ea-7050-9c31-efba8bdaaa6b@label.test',
  title: 'Après l’aube; part 1, “live” \\ late',
  description: `First line\nSecond, line\r\nThird\u2028fourth ${'été 🎧 '.repeat(40)}end`,
  url: 'https://label.test/live/back-room/events/01a202fc-49ea-7050-9c31-efba8bdaaa6b',
  startsAt: '2026-12-31T22:30:00.000Z',
  endsAt: '2027-01-01T02:00:00.000Z',
  sequence: 3,
  createdAt: '2026-11-01T10:00:00.000Z',
  updatedAt: '2026-11-02T10:00:00.500Z',
  isCancelled: false,
  location: 'Back room',
}
const componentOf = (text: string) => new ICAL.Component(ICAL.parse(text) as [])
const eventsOf = (text: string) =>
  componentOf(text)
    .getAllSubcomponents('vevent')
    .map((component) => new ICAL.Event(component))

test('what a parser reads is what was written', () => {
  const text = calendarText([event], { name: 'Label, Ltd; “radio”' })
  const [read] = eventsOf(text)
  assert.ok(read)
  assert.equal(
    [read.uid, read.summary, read.sequence, read.location],
    [event.uid, event.title, 3, event.location],
  )
  assert.is(read.description, event.description.replace(/\r\n|\u2028/g, '\n'))
  assert.equal(
    [read.startDate.toJSDate().toISOString(), read.endDate.toJSDate().toISOString()],
    [event.startsAt, event.endsAt],
  )
  assert.is(read.component.getFirstPropertyValue('status'), 'CONFIRMED')
  assert.is(read.component.getFirstPropertyValue('url'), event.url)
  const calendar = componentOf(text)
  assert.equal(
    ['version', 'method'].map((name) => calendar.getFirstPropertyValue(name)),
    ['2.0', 'PUBLISH'],
  )
  assert.match(text, '\r\nX-WR-CALNAME:Label\\, Ltd\\; “radio”\r\n')
})

test('lines end with CRLF and have at most 75 octets, and no character is cut', () => {
  const text = calendarText([event], { name: 'x'.repeat(200) })
  assert.ok(text.endsWith('END:VCALENDAR\r\n'))
  assert.not.match(text.replaceAll('\r\n', ''), /[\r\n]/)
  for (const line of text.split('\r\n')) {
    assert.ok(Buffer.byteLength(line) <= 75, line)
    assert.is(Buffer.from(line).toString('utf8'), line)
    assert.not.match(line, /[\ud800-\udbff]$|^ ?[\udc00-\udfff]/)
  }
})

test('a cancelled set says so, and nothing typed becomes a line of its own', () => {
  const title = 'x\r\nEND:VEVENT\r\nBEGIN:VALARM\u0000\u0007'
  const text = calendarText([{ ...event, title, description: '', isCancelled: true }, event], { name: 'y' })
  const [first, second, ...more] = eventsOf(text)
  assert.is(first?.component.getFirstPropertyValue('status'), 'CANCELLED')
  assert.is(first?.summary, 'x\nEND:VEVENT\nBEGIN:VALARM')
  assert.equal([second?.sequence, more.length], [3, 0])
  assert.equal(eventsOf(calendarText([], { name: 'empty' })), [])
})

test.run()
