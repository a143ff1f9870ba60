import { defineTexts } from '#web'

/** The words of clips. */
export const clipTexts = defineTexts({
  en: {
    clip: 'Clip',
    clips: 'Clips',
    more: 'Show more',
  },
  fr: {
    clip: 'Extrait',
    clips: 'Extraits',
    more: 'En voir plus',
  },
})
