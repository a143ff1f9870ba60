import { defineTexts } from '#web'

/** The words of clips. */
export const clipTexts = defineTexts({
  en: {
    clip: 'Clip',
    clips: 'Clips',
  },
  fr: {
    clip: 'Extrait',
    clips: 'Extraits',
  },
})
