import { defineTexts } from '#web'

export const shareTexts = defineTexts({
  en: {
    share: 'Share',
    title: 'Share {title}',
    link: 'Link',
    fromTime: 'Begin at a time',
    time: 'Time',
    timeHint: 'As 1:23',
    embed: 'For another page',
    embedHint: 'Put this into the HTML of a page; it plays there.',
    hidden:
      'Only those who may listen can use this link. It cannot be shown on other sites, as it is not public.',
    system: 'Send with another app',
  },
  fr: {
    share: 'Partager',
    title: 'Partager {title}',
    link: 'Lien',
    fromTime: 'Commencer à un moment',
    time: 'Moment',
    timeHint: 'Comme 1:23',
    embed: 'Pour une autre page',
    embedHint: 'Mettez ceci dans le HTML d’une page ; on pourra y écouter.',
    hidden:
      'Ce lien n’est ouvert qu’à ceux qui en ont le droit. Il ne peut pas être montré sur d’autres sites, car il n’est pas public.',
    system: 'Envoyer avec une autre application',
  },
})
