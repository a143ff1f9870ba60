import { defineTexts } from '#web'

/** The words of following a channel. */
export const followTexts = defineTexts({
  en: {
    follow: 'Follow',
    following: 'Following',
    followers: { one: '{count} follower', other: '{count} followers' },
    remind: 'Mail me when live',
    reminded: 'You get a mail when live',
    remindedToast: 'You get a mail when this channel goes live.',
    forgotToast: 'No more mails when this channel goes live.',
    unfollowed: 'You no longer follow this channel.',
  },
  fr: {
    follow: 'Suivre',
    following: 'Suivie',
    followers: { one: '{count} abonné', other: '{count} abonnés' },
    remind: 'Me prévenir des directs',
    reminded: 'Vous êtes prévenu des directs',
    remindedToast: 'Vous recevrez un courriel quand cette chaîne passera en direct.',
    forgotToast: 'Plus de courriel quand cette chaîne passe en direct.',
    unfollowed: 'Vous ne suivez plus cette chaîne.',
  },
})
