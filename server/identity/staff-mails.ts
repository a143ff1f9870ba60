import type { Mail } from '../sdk/index.ts'
import type { AccountRow } from './accounts.ts'
import { mailTo } from './mails.ts'
import type { IdentityParts } from './parts.ts'

type About = Pick<IdentityParts, 'site'>

/** To somebody for whom the label opened an account: the link to its first password. */
export function welcomeMail(about: About, account: AccountRow, token: string): Mail {
  const link = `${about.site.url}/reset#token=${token}`
  return mailTo(about, account, {
    en: {
      subject: 'Your account',
      lines: [
        `An account with the username ${account.username} was opened for you.`,
        `Choose your password with this link, good for seven days:\n${link}`,
      ],
    },
    fr: {
      subject: 'Votre compte',
      lines: [
        `Un compte a été ouvert pour vous, avec le nom d’utilisateur ${account.username}.`,
        `Choisissez votre mot de passe par ce lien, valable sept jours :\n${link}`,
      ],
    },
  })
}

export function factorsResetMail(about: About, account: AccountRow): Mail {
  const link = `${about.site.url}/account/security`
  return mailTo(about, account, {
    en: {
      subject: 'Your second factors were taken away',
      lines: [
        'The label took away the authenticator app, passkeys and recovery codes of your account, and signed it out everywhere.',
        `Sign in again and set them up anew:\n${link}`,
        'If you did not ask for this, write to the label.',
      ],
    },
    fr: {
      subject: 'Vos seconds facteurs ont été retirés',
      lines: [
        'Le label a retiré l’application d’authentification, les clés d’accès et les codes de secours de votre compte, et l’a déconnecté partout.',
        `Reconnectez-vous et configurez-les à nouveau :\n${link}`,
        'Si vous ne l’avez pas demandé, écrivez au label.',
      ],
    },
  })
}

/** To somebody who has no account yet. */
export function invitationMail(
  { site }: About,
  to: { email: string; language: string },
  { url, invitedBy }: { url: string; invitedBy: string | null },
): Mail {
  const title = site.title()
  const text =
    to.language === 'fr'
      ? {
          subject: `Invitation · ${title}`,
          lines: [
            'Bonjour,',
            `${invitedBy ?? title} vous invite à rejoindre ${title}. Ouvrez votre compte par ce lien :\n${url}`,
            'Si vous ne souhaitez pas venir, il n’y a rien à faire.',
          ],
        }
      : {
          subject: `Invitation · ${title}`,
          lines: [
            'Hello,',
            `${invitedBy ?? title} invites you to join ${title}. Open your account with this link:\n${url}`,
            'If you do not want to come, there is nothing to do.',
          ],
        }
  return {
    to: to.email,
    subject: text.subject,
    text: [...text.lines, `${title}\n${site.url}`].join('\n\n'),
  }
}
