import { defineTexts } from '#web'

/** The words of stopping the mails of a channel. */
export const stopTexts = defineTexts({
  en: {
    stopTitle: 'Mails of this channel',
    stopText: 'You get mails when {channel} plans sets or goes live.',
    stopTextPlain: 'You get mails when this channel plans sets or goes live.',
    stop: 'Stop these mails',
    stopped: 'No more mails of {channel}.',
    stopBad: 'This link is not whole. Open it again from the mail.',
    toChannel: 'To the channel',
  },
  fr: {
    stopTitle: 'Courriels de cette chaîne',
    stopText: 'Vous recevez un courriel quand {channel} prévoit un set ou passe en direct.',
    stopTextPlain: 'Vous recevez un courriel quand cette chaîne prévoit un set ou passe en direct.',
    stop: 'Ne plus recevoir ces courriels',
    stopped: 'Plus de courriels de {channel}.',
    stopBad: 'Ce lien n’est pas entier. Ouvrez-le de nouveau depuis le courriel.',
    toChannel: 'Vers la chaîne',
  },
})
