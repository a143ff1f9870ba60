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
    real: 'Ce paiement se fait ailleurs. Revenez en arrière et recommencez de là.',
  },
})
