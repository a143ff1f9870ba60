import type { Mail, Mailbox } from '#sdk'
import type { Channel } from '../channels.ts'
import { cleanTitle } from '../icecast/song-title.ts'
import type { LiveContext } from '../settings.ts'
import type { PlannedSet } from './events.ts'
import { stopLink } from './stop-link.ts'

/** What all mails of a channel are about. */
export interface About {
  ctx: LiveContext
  channel: Channel
}
/** What hosts name is one line of a mail: with lines of its own it could say what the label never said. */
const named = ({ title }: { title: string }) => cleanTitle(title)
interface To {
  to: Mailbox
  accountId: string
}

/** Shortly before a planned set. */
export function reminderMail(about: About, set: PlannedSet, at: To): Mail {
  const { site } = about.ctx
  const when = timeIn(set, at.to)
  const link = `${site.url}/live/${about.channel.slug}`
  return mailOf(about, at, {
    en: {
      subject: `${named(set)} begins soon`,
      lines: [`“${named(set)}” on ${named(about.channel)} begins at ${when}.`, `Be there:\n${link}`],
    },
    fr: {
      subject: `${named(set)} commence bientôt`,
      lines: [`« ${named(set)} » sur ${named(about.channel)} commence à ${when}.`, `Pour y être :\n${link}`],
    },
  })
}

/** The channel is on air; `title` of the planned set, where it is one. */
export function onAirMail(about: About, title: string | null, at: To): Mail {
  const { ctx, channel } = about
  const link = `${ctx.site.url}/live/${channel.slug}`
  const name = named(title === null ? channel : { title })
  return mailOf(about, at, {
    en: {
      subject: `${name} is live`,
      lines: [`${named(channel)} is on air now.`, `Watch or listen:\n${link}`],
    },
    fr: {
      subject: `${name} est en direct`,
      lines: [`${named(channel)} est à l’antenne.`, `À voir ou à écouter :\n${link}`],
    },
  })
}

export function cancelledMail(about: About, set: PlannedSet, at: To): Mail {
  const when = timeIn(set, at.to)
  return mailOf(about, at, {
    en: {
      subject: `Cancelled: ${named(set)}`,
      lines: [`“${named(set)}” on ${named(about.channel)}, planned for ${when}, will not take place.`],
    },
    fr: {
      subject: `Annulé : ${named(set)}`,
      lines: [`« ${named(set)} » sur ${named(about.channel)}, prévu le ${when}, n’aura pas lieu.`],
    },
  })
}

function mailOf(
  { ctx, channel }: About,
  { to, accountId }: To,
  texts: Record<'en' | 'fr', { subject: string; lines: string[] }>,
): Mail {
  const { site } = ctx
  const { subject, lines } = texts[to.language]
  const isFrench = to.language === 'fr'
  const stop = stopLink(ctx, channel.slug, { accountId, channelId: channel.id })
  const foot = isFrench
    ? `Plus de courriels de cette chaîne :\n${stop}`
    : `No more mails of this channel:\n${stop}`
  const hello = isFrench ? `Bonjour ${to.name},` : `Hello ${to.name},`
  return {
    to: to.email,
    subject: `${subject} · ${site.title()}`,
    text: [hello, ...lines, `${site.title()}\n${site.url}`, foot].join('\n\n'),
  }
}

/** In the reader's time zone, else the set's, else UTC; always with its name. */
function timeIn({ startsAt, timeZone }: PlannedSet, to: Mailbox): string {
  const format = (zone: string) =>
    new Intl.DateTimeFormat(to.language === 'fr' ? 'fr-FR' : 'en-GB', {
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      hour: '2-digit',
      minute: '2-digit',
      timeZoneName: 'short',
      timeZone: zone,
    }).format(new Date(startsAt))
  try {
    return format(to.timeZone ?? timeZone ?? 'UTC')
  } catch {
    return format('UTC')
  }
}
