/** One planned set, as calendars know it. Times are ISO text. */
export interface CalendarEvent {
  uid: string
  title: string
  description: string
  url: string
  startsAt: string
  endsAt: string
  sequence: number
  createdAt: string
  updatedAt: string
  isCancelled: boolean
  location: string
}

/** iCalendar text (RFC 5545): CRLF, lines of at most 75 octets, times in UTC. */
export function calendarText(events: readonly CalendarEvent[], { name }: { name: string }): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Veza//Live//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `NAME:${escaped(name)}`,
    `X-WR-CALNAME:${escaped(name)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
    ...events.flatMap(eventLines),
    'END:VCALENDAR',
  ]
  return lines.map((line) => `${folded(line)}\r\n`).join('')
}

function eventLines(event: CalendarEvent): string[] {
  return [
    'BEGIN:VEVENT',
    `UID:${event.uid}`,
    `DTSTAMP:${utc(event.updatedAt)}`,
    `CREATED:${utc(event.createdAt)}`,
    `LAST-MODIFIED:${utc(event.updatedAt)}`,
    `SEQUENCE:${event.sequence}`,
    `DTSTART:${utc(event.startsAt)}`,
    `DTEND:${utc(event.endsAt)}`,
    `SUMMARY:${escaped(event.title)}`,
    ...(event.description ? [`DESCRIPTION:${escaped(event.description)}`] : []),
    `LOCATION:${escaped(event.location)}`,
    `URL:${event.url}`,
    `STATUS:${event.isCancelled ? 'CANCELLED' : 'CONFIRMED'}`,
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ]
}

/** `2026-11-22T20:00:00.000Z` -> `20261122T200000Z` */
const utc = (at: string) => new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '')

/** Section 3.3.11; other control characters may not be in it. */
function escaped(text: string): string {
  return (
    text
      .replace(/[\\;,]/g, (sign) => `\\${sign}`)
      .replace(/\r\n|[\r\n\u2028\u2029]/g, '\\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out.
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
  )
}

/** Section 3.1: at most 75 octets a line without its end, and never a character cut in two. */
function folded(line: string): string {
  const pieces: string[] = []
  let piece = ''
  let octets = 0
  for (const character of line) {
    const length = Buffer.byteLength(character)
    if (octets + length > 75) {
      pieces.push(piece)
      piece = ''
      // The space that begins a continued line counts.
      octets = 1
    }
    piece += character
    octets += length
  }
  return [...pieces, piece].join('\r\n ')
}
