import type { Mail } from '#sdk'
import type { Channel } from '../channels.ts'
import { cleanTitle } from '../icecast/song-title.ts'
import type { LiveContext } from '../settings.ts'

/** To an address that may have no account yet. The code stands behind the `#`, which no server is sent. */
export function invitationMail(
  { site }: Pick<LiveContext, 'site'>,
  channel: Channel,
  { email, code, language }: { email: string; code: string; language: string },
): Mail {
  const link = `${site.url}/live/${channel.slug}#code=${code}`
  const title = cleanTitle(channel.title)
  const lines =
    language === 'fr'
      ? [
          'Bonjour,',
          `Vous êtes sur la liste des invités de « ${title} » chez ${site.title()}.`,
          `Ouvrez cette page, connectez-vous ou créez un compte, et l’invitation est à vous :\n${link}`,
          'Elle vaut pour un seul compte : le premier qui l’ouvre.',
        ]
      : [
          'Hello,',
          `You are on the guest list of “${title}” at ${site.title()}.`,
          `Open this page, sign in or make an account, and the invitation is yours:\n${link}`,
          'It is good for one account: the first that opens it.',
        ]
  const subject = language === 'fr' ? `Invitation : ${title}` : `You are invited: ${title}`
  return {
    to: email,
    subject: `${subject} · ${site.title()}`,
    text: [...lines, `${site.title()}\n${site.url}`].join('\n\n'),
  }
}
