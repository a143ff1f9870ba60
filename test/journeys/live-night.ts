import type { Visitor } from '../kit/browser.ts'
import { type ClockSeen, readClock } from '../kit/time-code.ts'
import { eventually } from '../kit/wait.ts'

/** What goes into an encoder. */
export interface Keyed {
  url: string
  key: string
}

/** A card of the desk, by its title. */
export const card = ({ page }: Visitor, title: string) =>
  page
    .locator('section.card')
    .filter({ has: page.getByRole('heading', { level: 2, name: title, exact: true }) })

export async function say(person: Visitor, text: string): Promise<void> {
  await person.page.getByRole('textbox', { name: 'Message to' }).fill(text)
  await person.page.getByRole('button', { name: 'Send', exact: true }).click()
}

export const log = ({ page }: Visitor) => page.getByRole('log')

/** The clock in the picture, as soon as it is one that `isWanted`. */
export function seesClock(
  person: Visitor,
  what: string,
  isWanted: (seen: ClockSeen) => boolean,
  selector?: string,
): Promise<ClockSeen> {
  return eventually(`${person.name} to see ${what}`, async () => {
    const seen = await readClock(person.page, selector)
    return seen && isWanted(seen) ? seen : null
  })
}

export interface Shown {
  streamId: string | null
  playback: { hls: string; hlsPlain: string } | null
}

/** The channel as this person's browser is told it. */
export async function channelOf({ page }: Visitor, slug: string): Promise<Shown> {
  return (await (await page.request.get(`/api/v1/live/channels/${slug}`)).json()) as Shown
}

/** A list of the stream and the addresses in it; 0 entries where it is refused. */
export async function readList(
  person: Visitor,
  url: string,
): Promise<{ status: number; uris: string[]; text: string }> {
  const answer = await person.page.request.get(url)
  const text = answer.ok() ? await answer.text() : ''
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return { status: answer.status(), uris: lines.map((line) => new URL(line, answer.url()).href), text }
}

/** The moment that a player of plain HLS would show now: three target durations before the end (RFC 8216, 6.3.3). */
export async function plainMomentMs(person: Visitor, slug: string): Promise<number> {
  const { playback } = await channelOf(person, slug)
  const [media = ''] = (await readList(person, `${playback?.hlsPlain}?uncounted`)).uris
  const { text } = await readList(person, media)
  let atMs = Number.NaN
  for (const line of text.split('\n')) {
    const [, date, length] = /^#EXT-X-PROGRAM-DATE-TIME:(.+)|^#EXTINF:([\d.]+)/.exec(line) ?? []
    if (date) atMs = Date.parse(date)
    if (length) atMs += 1000 * Number(length)
  }
  const target = Number(/^#EXT-X-TARGETDURATION:(\d+)/m.exec(text)?.[1])
  return atMs - 3000 * target
}
