import { defineTexts } from '../../sdk/texts.ts'

export const legalTexts = defineTexts({
  en: { terms: 'Terms', privacy: 'Privacy' },
  fr: { terms: 'Conditions d’utilisation', privacy: 'Vie privée' },
})
