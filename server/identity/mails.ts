import type { Mail } from '../sdk/index.ts'
import type { AccountRow } from './accounts.ts'
import { frenchDevice } from './devices.ts'
import type { IdentityParts } from './parts.ts'

type About = Pick<IdentityParts, 'site'>

/** A plain mail in the account's language; lines are paragraphs, the last of them says who writes. */
export function mailTo(
  { site }: About,
  account: Pick<AccountRow, 'email' | 'language' | 'displayName' | 'username'>,
  texts: Record<'en' | 'fr', { subject: string; lines: string[] }>,
): Mail {
  const isFrench = account.language === 'fr'
  const { subject, lines } = texts[isFrench ? 'fr' : 'en']
  const name = greeted(account)
  const hello = isFrench ? `Bonjour ${name},` : `Hello ${name},`
  return {
    to: account.email,
    subject: `${subject} · ${site.title()}`,
    text: [hello, ...lines, `${site.title()}\n${site.url}`].join('\n\n'),
  }
}

/** A shown name that reads as a link or as more than a name is not said to a mailbox that may be a stranger's. */
export const greeted = ({ displayName, username }: Pick<AccountRow, 'displayName' | 'username'>): string =>
  /[\p{C}\p{Zl}\p{Zp}/@:]|\.\S/u.test(displayName) ? username : displayName

export function newDeviceMail(
  about: About,
  account: AccountRow,
  { device, address }: { device: string; address: string },
): Mail {
  const link = `${about.site.url}/account/sessions`
  return mailTo(about, account, {
    en: {
      subject: 'New sign-in',
      lines: [
        `Your account was used to sign in on a device we have not seen before: ${device}, from ${address}.`,
        `If that was you, there is nothing to do. If not, end that session and change your password:\n${link}`,
      ],
    },
    fr: {
      subject: 'Nouvelle connexion',
      lines: [
        `Une connexion à votre compte a eu lieu depuis un appareil inconnu : ${frenchDevice(device)}, depuis ${address}.`,
        `Si c’était vous, il n’y a rien à faire. Sinon, mettez fin à cette session et changez de mot de passe :\n${link}`,
      ],
    },
  })
}

/** Two had the key that renews a session: one of them stole it. */
export function tokenReusedMail(about: About, account: AccountRow, device: string): Mail {
  const link = `${about.site.url}/account/sessions`
  return mailTo(about, account, {
    en: {
      subject: 'A session was ended',
      lines: [
        `A program or device that was signed in to your account (${device}) showed a key that had been used before, as happens when somebody copied it. That session is over, for everybody who had it.`,
        `Sign in again there. If you do not know it, change your password and look at your sessions:\n${link}`,
      ],
    },
    fr: {
      subject: 'Une session a été terminée',
      lines: [
        `Un programme ou appareil connecté à votre compte (${frenchDevice(device)}) a montré une clé qui avait déjà servi, comme quand quelqu’un l’a copiée. Cette session est terminée, pour tous ceux qui l’avaient.`,
        `Reconnectez-vous sur cet appareil. S’il ne vous dit rien, changez de mot de passe et voyez vos sessions :\n${link}`,
      ],
    },
  })
}
