import { defineTexts } from '#web'

export const adminTexts = defineTexts({
  en: {
    nobody: 'Nobody is on air.',
    viewers: { one: '{count} viewer', other: '{count} viewers' },
    interrupted: 'encoder away',
    end: 'End',
  },
  fr: {
    nobody: 'Personne n’est à l’antenne.',
    viewers: { one: '{count} personne', other: '{count} personnes' },
    interrupted: 'encodeur parti',
    end: 'Terminer',
  },
})
