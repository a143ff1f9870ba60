import type { Mail } from '../sdk/index.ts'
import type { AccountRow } from './accounts.ts'
import { frenchDevice } from './devices.ts'
import { mailTo } from './mails.ts'
import type { IdentityParts } from './parts.ts'

type About = Pick<IdentityParts, 'site'>
type Receiver = Pick<AccountRow, 'email' | 'language' | 'displayName' | 'username'>

/** The link to set a password; it is the only way to a first one for accounts opened without. */
export function resetMail(about: About, account: Receiver, token: string): Mail {
  const link = `${about.site.url}/reset#token=${token}`
  return mailTo(about, account, {
    en: {
      subject: 'Set a new password',
      lines: [
        `Set a new password for your account ${account.username} with this link, good once and for one hour:\n${link}`,
        'If you did not ask for it, there is nothing to do: your password stays as it is.',
      ],
    },
    fr: {
      subject: 'Choisissez un nouveau mot de passe',
      lines: [
        `Choisissez un nouveau mot de passe pour votre compte ${account.username} par ce lien, valable une fois et pendant une heure :\n${link}`,
        'Si vous n’avez rien demandé, il n’y a rien à faire : votre mot de passe reste le même.',
      ],
    },
  })
}

export function passwordChangedMail(about: About, account: Receiver, device: string): Mail {
  const link = `${about.site.url}/forgot`
  return mailTo(about, account, {
    en: {
      subject: 'Your password was changed',
      lines: [
        `The password of your account was changed just now (${device}). Other devices were signed out.`,
        `If that was not you, set a new one at once:\n${link}`,
      ],
    },
    fr: {
      subject: 'Votre mot de passe a été changé',
      lines: [
        `Le mot de passe de votre compte vient d’être changé (${frenchDevice(device)}). Les autres appareils ont été déconnectés.`,
        `Si ce n’était pas vous, choisissez-en un autre tout de suite :\n${link}`,
      ],
    },
  })
}

/** To the new address: nothing changes before its link is followed. */
export function changeEmailMail(about: About, account: Receiver, token: string): Mail {
  const link = `${about.site.url}/verify#token=${token}`
  return mailTo(about, account, {
    en: {
      subject: 'Confirm your new address',
      lines: [
        `Follow this link to use this address for your account ${account.username}; it is good for one day:\n${link}`,
        'If you did not ask for it, there is nothing to do.',
      ],
    },
    fr: {
      subject: 'Confirmez votre nouvelle adresse',
      lines: [
        `Suivez ce lien pour utiliser cette adresse avec votre compte ${account.username} ; il est valable un jour :\n${link}`,
        'Si vous n’avez rien demandé, il n’y a rien à faire.',
      ],
    },
  })
}

/** To the old address, when the change is asked for. */
export function undoEmailMail(about: About, account: Receiver, token: string): Mail {
  const link = `${about.site.url}/verify#token=${token}`
  return mailTo(about, account, {
    en: {
      subject: 'Your address is to be changed',
      lines: [
        'Somebody signed in to your account asked to use another e-mail address for it. If that was you, there is nothing to do.',
        `If not, this link, good for seven days, keeps or brings back this address, signs out every device and lets you set a new password:\n${link}`,
      ],
    },
    fr: {
      subject: 'Votre adresse va être changée',
      lines: [
        'Une personne connectée à votre compte a demandé de le lier à une autre adresse e-mail. Si c’était vous, il n’y a rien à faire.',
        `Sinon, ce lien, valable sept jours, garde ou rétablit cette adresse, déconnecte tous les appareils et vous permet de choisir un nouveau mot de passe :\n${link}`,
      ],
    },
  })
}

/** To an address that has an account, when another account asks for it. */
export function addressInUseMail(about: About, account: Receiver): Mail {
  const link = `${about.site.url}/login`
  return mailTo(about, account, {
    en: {
      subject: 'This address has an account already',
      lines: [
        'Somebody asked to use your address for another account here. It stays with yours; nothing was changed.',
        `If that was you, sign in to the account you have:\n${link}`,
      ],
    },
    fr: {
      subject: 'Cette adresse a déjà un compte',
      lines: [
        'Quelqu’un a demandé à utiliser votre adresse pour un autre compte ici. Elle reste au vôtre ; rien n’a été changé.',
        `Si c’était vous, connectez-vous au compte que vous avez :\n${link}`,
      ],
    },
  })
}
