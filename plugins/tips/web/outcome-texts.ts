import { defineTexts } from '#web'

/** The words of what came of one’s own tip. */
export const outcomeTexts = defineTexts({
  en: {
    thanks: 'Thank you. Your tip of {amount} has arrived.',
    pending: 'Your tip of {amount} is not paid yet.',
    declined: 'The payment of {amount} was declined. Nothing was charged.',
    expired: 'The time to pay {amount} ran out and nothing was charged: give your tip again.',
    refunded: 'Your tip of {amount} was paid back.',
    payNow: 'Pay now',
    again: 'Try again',
    dismiss: 'Dismiss',
  },
  fr: {
    thanks: 'Merci. Votre pourboire de {amount} est arrivé.',
    pending: 'Votre pourboire de {amount} n’est pas encore payé.',
    declined: 'Le paiement de {amount} a été refusé. Rien n’a été débité.',
    expired:
      'Le délai pour payer {amount} est écoulé et rien n’a été débité : donnez votre pourboire à nouveau.',
    refunded: 'Votre pourboire de {amount} a été remboursé.',
    payNow: 'Payer maintenant',
    again: 'Réessayer',
    dismiss: 'Fermer',
  },
})
