import type { Visitor } from '../kit/browser.ts'
import { eventually } from '../kit/wait.ts'
import { canBeRead } from './screen.ts'

/** Ten euros with a message, through the page that stands for a payment service. */
export async function givesSuperchat(ada: Visitor, words: string): Promise<void> {
  const { page } = ada
  await page.getByRole('button', { name: 'Tip', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Give a tip' })
  await dialog.getByText('€10', { exact: true }).click()
  await dialog.getByRole('checkbox', { name: /^Superchat/ }).check()
  await dialog.getByRole('textbox', { name: 'Message', exact: true }).fill(words)
  await canBeRead(ada, 'story-tip')
  await dialog.getByRole('button', { name: 'Continue to payment' }).click()
  await ada.sees(/No money moves, whatever you press/)
  await canBeRead(ada, 'story-pay')
  await page.getByRole('button', { name: 'Pay €10.00' }).click()
  await ada.sees('Thank you. Your tip of €10.00 has arrived.')
}

/** Of the last moments, under the player; leads to its page. */
export async function makesClip(ada: Visitor, title: string): Promise<void> {
  const { page } = ada
  await page.getByRole('button', { name: 'Clip', exact: true }).click()
  const maker = page.getByRole('form', { name: 'Make a clip' })
  await maker.getByLabel('Title').fill(title)
  await canBeRead(ada, 'story-clip-maker')
  await maker.getByRole('button', { name: 'Make the clip' }).click()
  await page.getByRole('link', { name: 'Watch the clip' }).click()
  await ada.sees(page.getByRole('heading', { level: 1, name: title }))
}

interface Shown {
  playback: { hls: string; hlsPlain: string } | null
}

/** The channel as this person's browser is told it. */
async function channelOf({ page }: Visitor, slug: string): Promise<Shown> {
  return (await (await page.request.get(`/api/v1/live/channels/${slug}`)).json()) as Shown
}

/** A list of the stream and the addresses in it; 0 entries where it is refused. */
async function readList(
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

/** Where this person's player finds the stream: the list of all, that of the media, the newest segment. */
export async function addressesOf(person: Visitor, slug: string): Promise<string[]> {
  const hls = await eventually("an address of one's own", async () => {
    const { playback } = await channelOf(person, slug)
    return playback && (await readList(person, playback.hls)).status === 200 && playback.hls
  })
  const [media = ''] = (await readList(person, hls)).uris
  const newest = (await readList(person, media)).uris.at(-1)
  return [hls, media, ...(newest ? [newest] : [])]
}
