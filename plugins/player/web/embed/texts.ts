import { defineTexts } from '#web'

export const embedTexts = defineTexts({
  en: { play: 'Play', nothing: 'Nothing here can be played at the moment.' },
  fr: { play: 'Lire', nothing: 'Rien ici ne peut être lu pour le moment.' },
})
