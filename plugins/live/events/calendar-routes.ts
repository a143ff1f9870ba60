import { notFound } from '#contract'
import { isoTime, problem } from '#sdk'
import { type Channel, getChannel, withChannels } from '../channels.ts'
import * as contract from '../contract.ts'
import type { Desk } from '../desk.ts'
import { type CalendarEvent, calendarText } from './calendar.ts'
import { findSet, listSetsSince, type PlannedSet } from './events.ts'

const pastMs = 30 * 86_400_000
const mostSets = 500
/** What calendars show where no end was given. */
const usualMs = 2 * 3_600_000

/** Calendars of planned sets, for everybody. */
export function handleCalendars(desk: Desk): void {
  const { router, db, site } = desk.ctx
  router.handle(contract.setsCalendar, async (_input, call) => {
    const sets = await listSetsSince(db, isoTime(new Date(Date.now() - pastMs)), mostSets)
    const events = (await withChannels(db, sets)).map(([set, channel]) => eventOf(desk, set, channel))
    // A feed is asked for again and again by many programs.
    call.setHeader('cache-control', 'public, max-age=300')
    return calendarText(events, { name: site.title() })
  })
  router.handle(contract.setCalendar, async ({ params }, call) => {
    const channel = await getChannel(db, params.slug)
    const set = await findSet(db, params.id)
    if (set?.channelId !== channel.id) throw problem(notFound)
    call.setHeader('content-disposition', `attachment; filename="${channel.slug}.ics"`)
    return calendarText([eventOf(desk, set, channel)], { name: channel.title })
  })
}

function eventOf({ ctx: { site } }: Desk, set: PlannedSet, channel: Channel): CalendarEvent {
  const { id, title, description, startsAt, sequence, createdAt, updatedAt, status } = set
  const url = `${site.url}/live/${channel.slug}/events/${id}`
  const endsAt = set.endsAt ?? isoTime(new Date(Date.parse(startsAt) + usualMs))
  const uid = `${id}@${new URL(site.url).hostname}`
  const isCancelled = status === 'cancelled'
  const times = { startsAt, endsAt, createdAt, updatedAt }
  return {
    uid,
    title,
    description,
    url,
    sequence,
    isCancelled,
    location: `${channel.title} (${url})`,
    ...times,
  }
}
