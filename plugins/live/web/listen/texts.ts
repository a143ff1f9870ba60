import { defineTexts } from '#web'

/** The words around listening in other players. */
export const listenTexts = defineTexts({
  en: {
    listen: 'Radio',
    title: 'Listen in any player',
  },
  fr: {
    listen: 'Radio',
    title: 'Écouter dans un autre lecteur',
  },
})
