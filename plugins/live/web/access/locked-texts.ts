import { defineTexts } from '#web'

/** The words at a door that is closed to the reader. */
export const lockedTexts = defineTexts({
  en: {
    lockedMembers: 'For members',
    lockedFollowers: 'For followers',
    lockedSubscribers: 'For subscribers',
    lockedTicket: 'For ticket holders',
    lockedLive: 'On air now, and not open to everybody.',
    membersText: 'Sign in or make an account, and watch.',
    followersText: 'Follow this channel, and watch.',
    subscribersText: 'This is for subscribers and guests of the channel.',
    ticketText: 'This is for those with a ticket and for guests of the channel.',
    signIn: 'Sign in',
    register: 'Make an account',
    code: 'Ticket or invitation code',
    redeem: 'Use the code',
    redeemed: 'The code is yours: you may watch.',
    codeFirst: 'Sign in first; the code waits here.',
  },
  fr: {
    lockedMembers: 'Pour les membres',
    lockedFollowers: 'Pour ceux qui suivent la chaîne',
    lockedSubscribers: 'Pour les abonnés payants',
    lockedTicket: 'Avec un billet',
    lockedLive: 'À l’antenne, mais pas ouvert à tous.',
    membersText: 'Connectez-vous ou créez un compte pour regarder.',
    followersText: 'Suivez cette chaîne pour regarder.',
    subscribersText: 'Réservé aux abonnés payants et aux invités de la chaîne.',
    ticketText: 'Réservé à ceux qui ont un billet et aux invités de la chaîne.',
    signIn: 'Se connecter',
    register: 'Créer un compte',
    code: 'Code du billet ou de l’invitation',
    redeem: 'Utiliser le code',
    redeemed: 'Le code est à vous : vous pouvez regarder.',
    codeFirst: 'Connectez-vous d’abord ; le code vous attend ici.',
  },
})
