import { Id, notFound } from '#contract'
import { type Html, html, type PageContent, problem } from '#sdk'
import { stranger } from '../access/viewer.ts'
import { getChannel, withChannels } from '../channels.ts'
import type { PlannedSet as SetView } from '../contract.ts'
import type { Desk } from '../desk.ts'
import { getSet, listUpcoming } from './events.ts'
import { presentSet } from './present.ts'

const words = {
  en: {
    upcoming: 'Upcoming',
    starts: 'Begins',
    ends: 'Ends',
    cancelled: 'This set is cancelled.',
    over: 'This set is over.',
    calendar: 'Add to calendar',
    mails: 'Mails of this channel',
    mailsHow: 'Open this page with JavaScript, or choose your mails in your account.',
  },
  fr: {
    upcoming: 'À venir',
    starts: 'Début',
    ends: 'Fin',
    cancelled: 'Ce set est annulé.',
    over: 'Ce set est terminé.',
    calendar: 'Ajouter à l’agenda',
    mails: 'Courriels de cette chaîne',
    mailsHow: 'Ouvrez cette page avec JavaScript, ou choisissez vos courriels dans votre compte.',
  },
}
type Words = (typeof words)['en']
const wordsOf = (language: string): Words => (language === 'fr' ? words.fr : words.en)
const shownSets = 6

/** What crawlers, link previews and browsers without JavaScript see of planned sets. */
export function renderSetPages(desk: Desk): void {
  const { router } = desk.ctx
  router.landing((call) => upcomingPart(desk, { language: call.language, limit: shownSets }))
  router.page('/live/{slug}/events/{id}', (at, call) => setPage(desk, at, call.language))
  router.page('/live/{slug}/reminders', async ({ slug }, call) => {
    const { title } = await getChannel(desk.ctx.db, slug)
    const w = wordsOf(call.language)
    const body = html`<main><h1>${w.mails}</h1><p>${title}</p><p>${w.mailsHow}</p></main>`
    return { title: w.mails, body, isUnlisted: true }
  })
}

/** A list of what is to come, on all channels or on one; nothing where nothing is. */
export async function upcomingPart(
  desk: Desk,
  { language, limit, channelId }: { language: string; limit: number; channelId?: string },
): Promise<Html> {
  const { db } = desk.ctx
  const { items } = await listUpcoming(db, { limit, ...(channelId && { channelId }) })
  const rows = (await withChannels(db, items)).map(([set, channel]) => {
    const path = `/live/${channel.slug}/events/${set.id}`
    return html`<li><a href="${path}">${set.title}</a>, ${channel.title}, ${time(set.startsAt, language)}</li>`
  })
  return rows.length === 0 ? html`` : html`<h2>${wordsOf(language).upcoming}</h2><ul>${rows}</ul>`
}

async function setPage(desk: Desk, at: { slug: string; id: string }, language: string): Promise<PageContent> {
  const { db } = desk.ctx
  if (!Id.safeParse(at.id).success) throw problem(notFound)
  const [channel, set] = [await getChannel(db, at.slug), await getSet(db, at.id)]
  if (set.channelId !== channel.id) throw problem(notFound)
  const view = presentSet(desk, set, { channel, viewer: stranger, reminded: new Set() })
  const w = wordsOf(language)
  const state = view.status === 'cancelled' ? w.cancelled : view.status === 'over' ? w.over : ''
  return {
    title: view.title,
    description: view.description.slice(0, 300) || `${channel.title}, ${view.startsAt.slice(0, 10)}`,
    ...(view.cover && { image: view.cover.large }),
    about: aboutSet(desk, view),
    body: html`<main><h1>${view.title}</h1><p><a href="/live/${channel.slug}">${channel.title}</a></p>${state && html`<p>${state}</p>`}<p>${w.starts}: ${time(view.startsAt, language)}</p>${view.endsAt && html`<p>${w.ends}: ${time(view.endsAt, language)}</p>`}${view.description && html`<p>${view.description}</p>`}<p><a href="${view.calendar}">${w.calendar}</a></p></main>`,
  }
}

/** https://schema.org/BroadcastEvent would need a work that is broadcast; search engines show Event. */
function aboutSet({ ctx: { site } }: Desk, view: SetView): Record<string, unknown> {
  const url = `${site.url}/live/${view.channel.slug}`
  return {
    '@context': 'https://schema.org',
    '@type': 'Event',
    name: view.title,
    ...(view.description && { description: view.description }),
    startDate: view.startsAt,
    ...(view.endsAt && { endDate: view.endsAt }),
    eventStatus: `https://schema.org/${view.status === 'cancelled' ? 'EventCancelled' : 'EventScheduled'}`,
    eventAttendanceMode: 'https://schema.org/OnlineEventAttendanceMode',
    location: { '@type': 'VirtualLocation', url },
    ...(view.cover && { image: new URL(view.cover.large, site.url).href }),
    organizer: { '@type': 'Organization', name: site.title(), url: site.url },
    isAccessibleForFree: view.access === 'public',
  }
}

/** In UTC, which is said: the server does not know where the reader is. */
function time(at: string, language: string): Html {
  const text = new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  }).format(new Date(at))
  return html`<time datetime="${at}">${text} UTC</time>`
}
