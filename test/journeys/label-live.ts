import { eventually } from '../kit/wait.ts'
import type { Place } from './label.ts'
import type { Send } from './label-music.ts'
import { nightSky } from './pictures.ts'

interface Made {
  id: string
}
interface Tip {
  checkout: { url: string } | null
}

/**
 * Gives a channel that is on the air all that a channel can have, and makes one that is not for everybody; where that
 * is looked at.
 */
export async function furnishLive(send: Send, slug: string, replayId: string): Promise<Place[]> {
  const at = `/live/channels/${slug}`
  const setId = await plans(send, at)
  await send('PUT', `/tips/goals/${slug}`, { title: 'A second turntable', amountMinor: 4000 })
  const first = await tips(
    send,
    at,
    'For the lights, and for a rather-long-word-that-does-not-break-by-itself.',
  )
  await send('POST', `/payments/${first.split('/').at(-1)}/test`, { outcome: 'paid' })
  await send('POST', `${at}/guests`, { email: 'a-guest-with-a-long-name@listener.test' })
  const elsewhere = { title: 'Elsewhere', url: 'rtmp://video.example.org/app', key: 'k', isOn: false }
  await send('POST', `${at}/simulcasts`, elsewhere)
  await send('PATCH', `${at}/mix`, { cameras: [{ camera: 2, title: 'Crowd' }] })
  await send('POST', `${at}/chapters`, { title: 'First record' })
  await send('POST', '/live/channels', { slug: 'backroom', title: 'Back room' })
  await send('PATCH', '/live/channels/backroom', { access: 'ticket' })
  await plans(send, '/live/channels/backroom')
  const clipId = await cutsClip(send, at, replayId)
  const payment = await tips(send, at, '')
  const guests = [`/live/${slug}/events/${setId}`, `/live/${slug}/clips/${clipId}`, '/live/backroom']
  const books = ['/admin/payments', `/admin/payments/${first.split('/').at(-1)}`]
  const owners = [
    payment,
    ...books,
    `/live/${slug}`,
    `/go-live/stats?channel=${slug}`,
    `/live/${slug}/clips/${clipId}`,
  ]
  return [
    ...[...guests, `/live/${slug}/reminders`].map((path) => ({ path, as: 'guest' as const })),
    ...owners.map((path) => ({ path, as: 'owner' as const })),
  ]
}

async function plans(send: Send, at: string): Promise<string> {
  const startsAt = new Date(Date.now() + 3 * 86_400_000).toISOString()
  const words = {
    title: 'A night of slow records',
    description: 'From the crates, until the last train.',
  }
  const set = (await send('POST', `${at}/events`, { ...words, startsAt, timeZone: 'Europe/Paris' })) as Made
  await send('PUT', `/live/events/${set.id}/cover`, await nightSky())
  return set.id
}

/** Begins a tip; the page where it is paid. */
async function tips(send: Send, at: string, message: string): Promise<string> {
  const { checkout } = (await send('POST', `${at}/tips`, { amountMinor: 500, message })) as Tip
  return checkout?.url ?? ''
}

/** Two seconds of the recording. */
async function cutsClip(send: Send, at: string, replayId: string): Promise<string> {
  const { clock } = (await send('GET', `/live/replays/${replayId}`)) as { clock: { date: string }[] }
  const from = clock[0]?.date ?? ''
  const until = new Date(Date.parse(from) + 2000).toISOString()
  const wish = { title: 'The drop', streamId: replayId, from, until }
  const { id } = (await send('POST', `${at}/clips`, wish)) as Made
  const status = async () => ((await send('GET', `/live/clips/${id}`)) as { status: string }).status
  await eventually('the clip', async () => (await status()) === 'ready')
  return id
}
