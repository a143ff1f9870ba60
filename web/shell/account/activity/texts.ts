import { defineTexts } from '../../../sdk/texts.ts'

export const activityTexts = defineTexts({
  en: {
    lead: 'What concerned the safety of your account, newest first. Was something not you? Change your password and end the other sessions.',
    list: 'Activity',
    what: 'What',
    when: 'When',
    where: 'Where',
    empty: 'Nothing so far',
    emptyText: 'Sign-ins and changes of passwords, addresses and second steps are listed here.',
    toSessions: 'Look at the sessions',
  },
  fr: {
    lead: 'Ce qui a touché à la sécurité de votre compte, le plus récent d’abord. Quelque chose n’était pas vous ? Changez de mot de passe et terminez les autres sessions.',
    list: 'Activité',
    what: 'Quoi',
    when: 'Quand',
    where: 'Où',
    empty: 'Rien pour l’instant',
    emptyText:
      'Les connexions et les changements de mot de passe, d’adresse et de seconde étape sont listés ici.',
    toSessions: 'Voir les sessions',
  },
})
