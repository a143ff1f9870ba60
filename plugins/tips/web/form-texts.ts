import { defineTexts } from '#web'

/** The words of the form in which something is given. */
export const tipFormTexts = defineTexts({
  en: {
    amount: 'Amount',
    other: 'Another amount',
    otherLabel: 'Your amount in {currency}',
    badAmount: 'Give an amount from {min} to {max}.',
    superchat: 'Superchat',
    superchatPinned: 'Your message is pinned above the chat for {time}, up to {count} characters.',
    superchatPlain:
      'Your message stands out in the chat, up to {count} characters. From {amount} on it is pinned.',
    superchatFrom: 'From {amount} on your message stands out in the chat.',
    'off-air': 'Only while the channel is on air.',
    'no-chat': 'There is no chat here at the moment.',
    banned: 'A moderator banned you from the chat here.',
    closed: 'The chat is closed.',
    message: 'Message',
    messageHint: 'Everybody here sees it.',
    messageNeeded: 'Write what the superchat says.',
    left: { one: '{count} character left', other: '{count} characters left' },
    tooLong: { one: '{count} character too many', other: '{count} characters too many' },
    showName: 'Show my name',
    showNameHint: 'The hosts of the channel see it in any case.',
    test: 'Test payment: no money moves.',
    total: 'Total',
    pay: 'Continue to payment',
  },
  fr: {
    amount: 'Montant',
    other: 'Autre montant',
    otherLabel: 'Votre montant en {currency}',
    badAmount: 'Indiquez un montant de {min} à {max}.',
    superchat: 'Superchat',
    superchatPinned:
      'Votre message est épinglé au-dessus de la discussion pendant {time}, {count} caractères au plus.',
    superchatPlain:
      'Votre message ressort dans la discussion, {count} caractères au plus. À partir de {amount}, il est épinglé.',
    superchatFrom: 'À partir de {amount}, votre message ressort dans la discussion.',
    'off-air': 'Seulement quand la chaîne est en direct.',
    'no-chat': 'Il n’y a pas de discussion ici pour le moment.',
    banned: 'La modération vous a exclu de cette discussion.',
    closed: 'La discussion est fermée.',
    message: 'Message',
    messageHint: 'Tout le monde ici le voit.',
    messageNeeded: 'Écrivez ce que dit le superchat.',
    left: {
      one: '{count} caractère restant',
      many: '{count} caractères restants',
      other: '{count} caractères restants',
    },
    tooLong: {
      one: '{count} caractère de trop',
      many: '{count} caractères de trop',
      other: '{count} caractères de trop',
    },
    showName: 'Afficher mon nom',
    showNameHint: 'Les hôtes de la chaîne le voient dans tous les cas.',
    test: 'Paiement d’essai : aucun argent ne circule.',
    total: 'Total',
    pay: 'Continuer vers le paiement',
  },
})
