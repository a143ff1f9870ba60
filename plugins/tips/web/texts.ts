import { defineTexts } from '#web'

/** The words of giving, for who watches. */
export const tipTexts = defineTexts({
  en: {
    tip: 'Tip',
    dialog: 'Give a tip',
    tips: 'Tips',
    somebody: 'Somebody',
    gave: 'gave {amount}',
    gaveSome: 'gave a tip',
    goal: 'Goal',
    reached: '{reached} of {amount}',
    until: 'until {time}',
    ended: 'ended {time}',
    full: 'Reached',
    hide: 'Hide the message',
  },
  fr: {
    tip: 'Pourboire',
    dialog: 'Donner un pourboire',
    tips: 'Pourboires',
    somebody: 'Quelqu’un',
    gave: 'a donné {amount}',
    gaveSome: 'a donné un pourboire',
    goal: 'Objectif',
    reached: '{reached} sur {amount}',
    until: 'jusqu’au {time}',
    ended: 'terminé le {time}',
    full: 'Atteint',
    hide: 'Masquer le message',
  },
})
