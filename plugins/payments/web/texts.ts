import { defineTexts } from '#web'

/** The words of the page where test payments are made. */
export const payTexts = defineTexts({
  en: {
    title: 'Test payment',
    notice: 'This is a test payment. No money moves, whatever you press.',
    pay: 'Pay {amount}',
    decline: 'Decline',
    back: 'Go back',
    paid: 'Paid. You are on your way back.',
    failed: 'The payment was declined. Nothing was charged.',
    again: 'You can try again, or go back.',
    refunded: 'This payment went back to you.',
    partly: '{amount} of this payment went back to you.',
    until: 'To be paid by {time}.',
    expired: 'The time to pay ran out and nothing was charged: go back and start again.',
    late: 'The money came after the time to pay was over and goes back to you in full: go back and start again.',
    real: 'This payment is made elsewhere. Go back and start it from there.',
  },
  fr: {
    title: 'Paiement d’essai',
    notice: 'Ceci est un paiement d’essai. Quel que soit votre choix, aucun argent ne circule.',
    pay: 'Payer {amount}',
    decline: 'Refuser',
    back: 'Revenir',
    paid: 'Payé. Retour en cours.',
    failed: 'Le paiement a été refusé. Rien n’a été débité.',
    again: 'Vous pouvez réessayer, ou revenir.',
    refunded: 'Ce paiement vous a été remboursé.',
    partly: 'Vous avez été remboursé de {amount} sur ce paiement.',
    until: 'À payer avant {time}.',
    expired: 'Le délai de paiement est écoulé et rien n’a été débité : revenez en arrière et recommencez.',
    late: 'L’argent est arrivé après la fin du délai et vous est remboursé en entier : revenez en arrière et recommencez.',
    real: 'Ce paiement se fait ailleurs. Revenez en arrière et recommencez de là.',
  },
})
