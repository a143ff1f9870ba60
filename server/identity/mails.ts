import type { Mail } from '../sdk/index.ts'
import type { AccountRow } from './accounts.ts'
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
        `Une connexion à votre compte a eu lieu depuis un appareil inconnu : ${device}, depuis ${address}.`,
        `Si c’était vous, il n’y a rien à faire. Sinon, mettez fin à cette session et changez de mot de passe :\n${link}`,
      ],
    },
  })
}
