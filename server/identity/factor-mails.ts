import type { Db } from '../db/index.ts'
import type { AccountRow } from './accounts.ts'
import { mailTo } from './mails.ts'
import type { IdentityParts } from './parts.ts'

/** What its holder is told of by mail, whatever mails they want: somebody else may have done it. */
type FactorChange =
  | 'totp-on'
  | 'totp-off'
  | 'codes-made'
  | 'code-used'
  | 'passkey-added'
  | 'passkey-removed'
  | 'passkey-cloned'
  | 'app-password-made'
  | 'identity-linked'
  | 'identity-unlinked'

type Text = [subject: string, line: string]
const texts: Record<FactorChange, { en: Text; fr: Text }> = {
  'totp-on': {
    en: [
      'Two-factor sign-in is on',
      'An authenticator app was set up; signing in asks for its code from now on.',
    ],
    fr: [
      'Connexion à deux facteurs activée',
      'Une application d’authentification a été ajoutée ; son code est demandé à chaque connexion.',
    ],
  },
  'totp-off': {
    en: ['Two-factor sign-in is off', 'Your authenticator app is no longer asked for when you sign in.'],
    fr: [
      'Connexion à deux facteurs désactivée',
      'Le code de votre application d’authentification n’est plus demandé à la connexion.',
    ],
  },
  'codes-made': {
    en: ['New recovery codes', 'New recovery codes were made; the old ones no longer work.'],
    fr: [
      'Nouveaux codes de secours',
      'De nouveaux codes de secours ont été créés ; les anciens ne fonctionnent plus.',
    ],
  },
  'code-used': {
    en: ['A recovery code was used', 'One of your recovery codes was used; it no longer works.'],
    fr: ['Un code de secours a été utilisé', 'Un de vos codes de secours a servi ; il ne fonctionne plus.'],
  },
  'passkey-added': {
    en: ['New passkey', 'A passkey was added to your account.'],
    fr: ['Nouvelle clé d’accès', 'Une clé d’accès a été ajoutée à votre compte.'],
  },
  'passkey-removed': {
    en: ['Passkey removed', 'A passkey was removed from your account.'],
    fr: ['Clé d’accès retirée', 'Une clé d’accès a été retirée de votre compte.'],
  },
  'passkey-cloned': {
    en: [
      'A passkey was refused',
      'One of your passkeys seems to exist twice. The sign-in was refused; remove this passkey and add it anew.',
    ],
    fr: [
      'Une clé d’accès a été refusée',
      'Une de vos clés d’accès semble exister en double. La connexion a été refusée ; retirez cette clé et ajoutez-la de nouveau.',
    ],
  },
  'app-password-made': {
    en: ['New app password', 'A password for another program was made for your account.'],
    fr: [
      'Nouveau mot de passe d’application',
      'Un mot de passe pour un autre programme a été créé pour votre compte.',
    ],
  },
  'identity-linked': {
    en: ['New way to sign in', 'Another account was linked to yours and can be used to sign in.'],
    fr: ['Nouveau moyen de connexion', 'Un autre compte a été lié au vôtre et permet de se connecter.'],
  },
  'identity-unlinked': {
    en: ['Linked account removed', 'Another account can no longer be used to sign in to yours.'],
    fr: ['Compte lié retiré', 'Un autre compte ne permet plus de se connecter au vôtre.'],
  },
}

/** Tells the holder of a change of their ways in; part of the caller's transaction. */
export function sendFactorMail(
  db: Db,
  parts: Pick<IdentityParts, 'mailer' | 'site'>,
  account: AccountRow,
  what: FactorChange,
): Promise<void> {
  const link = `${parts.site.url}/account/security`
  const { en, fr } = texts[what]
  return parts.mailer.send(
    db,
    mailTo(parts, account, {
      en: {
        subject: en[0],
        lines: [
          en[1],
          `If that was you, there is nothing to do. If not, change your password and look at:\n${link}`,
        ],
      },
      fr: {
        subject: fr[0],
        lines: [
          fr[1],
          `Si c’était vous, il n’y a rien à faire. Sinon, changez de mot de passe et vérifiez :\n${link}`,
        ],
      },
    }),
  )
}
