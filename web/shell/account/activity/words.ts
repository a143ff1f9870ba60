import { say, type Words } from '../../../sdk/language.ts'

/** Entries of the log as their holder reads them. */
const words: Record<string, Words> = {
  'account.registered': { en: 'Account opened', fr: 'Compte ouvert' },
  'account.added': { en: 'Account opened by the label', fr: 'Compte ouvert par le label' },
  'account.changed': { en: 'Name or look changed', fr: 'Nom ou apparence changés' },
  'account.renamed': { en: 'Username changed', fr: 'Nom d’utilisateur changé' },
  'account.kept': { en: 'Account kept: deletion called off', fr: 'Compte gardé : suppression annulée' },
  'account.export-asked': { en: 'Copy of all data asked for', fr: 'Copie de toutes les données demandée' },
  'account.deletion-asked': { en: 'Deletion of the account asked for', fr: 'Suppression du compte demandée' },
  'account.suspended': { en: 'Account suspended by the label', fr: 'Compte suspendu par le label' },
  'account.restored': { en: 'Account restored', fr: 'Compte rétabli' },
  'account.roles-changed': { en: 'Roles changed by the label', fr: 'Rôles changés par le label' },
  'account.sessions-ended': {
    en: 'Signed out everywhere by the label',
    fr: 'Déconnecté partout par le label',
  },
  'account.factors-reset': {
    en: 'Second step taken away by the label',
    fr: 'Seconde étape retirée par le label',
  },
  'account.password-reset': {
    en: 'Password set by the label',
    fr: 'Mot de passe choisi par le label',
  },
  'account.password-link-sent': {
    en: 'Link to set a password mailed by the label',
    fr: 'Lien de mot de passe envoyé par le label',
  },
  'account.mail-preferences-changed': { en: 'Mail preferences changed', fr: 'Préférences d’e-mail changées' },
  'session.began': { en: 'Signed in', fr: 'Connexion' },
  'session.refused': { en: 'Wrong password', fr: 'Mot de passe erroné' },
  'session.confirmed': { en: 'Confirmed who you are', fr: 'Identité confirmée' },
  'session.ended': { en: 'A session was ended', fr: 'Une session terminée' },
  'session.others-ended': { en: 'Other sessions ended', fr: 'Autres sessions terminées' },
  'session.ended-everywhere': { en: 'Signed out everywhere', fr: 'Déconnexion partout' },
  'session.token-reused': {
    en: 'A spent key was used again: that session was ended',
    fr: 'Une clé périmée a resservi : cette session est terminée',
  },
  'password.changed': { en: 'Password changed', fr: 'Mot de passe changé' },
  'password.reset': { en: 'Password set by a mailed link', fr: 'Mot de passe choisi par un lien reçu' },
  'email.verified': { en: 'Address confirmed', fr: 'Adresse confirmée' },
  'email.change-asked': { en: 'Change of address asked for', fr: 'Changement d’adresse demandé' },
  'email.changed': { en: 'Address changed', fr: 'Adresse changée' },
  'email.change-undone': { en: 'Change of address undone', fr: 'Changement d’adresse annulé' },
  'totp.begun': {
    en: 'Set-up of an authenticator app begun',
    fr: 'Ajout d’une application d’authentification commencé',
  },
  'totp.confirmed': { en: 'Authenticator app switched on', fr: 'Application d’authentification activée' },
  'totp.disabled': { en: 'Authenticator app switched off', fr: 'Application d’authentification désactivée' },
  'totp.refused': { en: 'Wrong code', fr: 'Code erroné' },
  'recovery-code.used': { en: 'Recovery code used', fr: 'Code de secours utilisé' },
  'recovery-code.made': { en: 'New recovery codes made', fr: 'Nouveaux codes de secours créés' },
  'passkey.added': { en: 'Passkey added', fr: 'Clé d’accès ajoutée' },
  'passkey.removed': { en: 'Passkey removed', fr: 'Clé d’accès retirée' },
  'passkey.refused': { en: 'Passkey refused', fr: 'Clé d’accès refusée' },
  'passkey.cloned': {
    en: 'Passkey refused: it seems to be copied',
    fr: 'Clé d’accès refusée : elle semble copiée',
  },
  'app-password.created': { en: 'App password made', fr: 'Mot de passe d’application créé' },
  'app-password.removed': { en: 'App password removed', fr: 'Mot de passe d’application retiré' },
  'identity.linked': { en: 'Another account linked', fr: 'Autre compte lié' },
  'identity.unlinked': { en: 'Another account unlinked', fr: 'Autre compte délié' },
}

/** Entries that somebody may not have been themselves: they stand out. */
const alarms = [
  'session.refused',
  'session.token-reused',
  'totp.refused',
  'passkey.refused',
  'passkey.cloned',
  'recovery-code.used',
]

/** What happened, in words; what this page does not know yet by its own name. */
export function eventWords(action: string): string {
  const known = words[action]
  return known ? say(known) : action
}

export const isAlarm = (action: string): boolean => alarms.includes(action)
