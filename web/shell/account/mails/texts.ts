import { defineTexts } from '../../../sdk/texts.ts'

export const mailTexts = defineTexts({
  en: {
    title: 'Which mails you want',
    lead: 'What concerns the safety of your account is always sent to {email}.',
    news: 'News of the label',
    newsHint: 'Releases, events and what else the label writes to its people.',
    live: 'Somebody goes live',
    liveHint: 'When a stream of somebody you follow begins.',
    replies: 'Answers and mentions',
    repliesHint: 'When somebody answers you or writes your name.',
    saved: 'Saved.',
  },
  fr: {
    title: 'Les e-mails que vous voulez',
    lead: 'Ce qui touche à la sécurité de votre compte est toujours envoyé à {email}.',
    news: 'Nouvelles du label',
    newsHint: 'Sorties, événements et ce que le label écrit aux siens.',
    live: 'Quelqu’un passe en direct',
    liveHint: 'Quand commence une diffusion de quelqu’un que vous suivez.',
    replies: 'Réponses et mentions',
    repliesHint: 'Quand quelqu’un vous répond ou écrit votre nom.',
    saved: 'Enregistré.',
  },
})
