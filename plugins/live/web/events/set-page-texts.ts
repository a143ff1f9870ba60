import { defineTexts } from '#web'

/** The words of a planned set's own page, beside those of its card. */
export const setPageTexts = defineTexts({
  en: {
    watch: 'Watch',
    replay: 'Watch the recording',
    until: 'until {time}',
    planZone: '{time} in {zone}',
  },
  fr: {
    watch: 'Regarder',
    replay: 'Voir l’enregistrement',
    until: 'jusqu’à {time}',
    planZone: '{time} ({zone})',
  },
})
