import { defineTexts } from '#web'

/** The words of the addresses for other players. */
export const addressTexts = defineTexts({
  en: {
    lead: 'Open one of these addresses in VLC, mpv, a radio app or a network speaker.',
    mp3: 'MP3',
    mp3Hint: 'Works everywhere.',
    aac: 'AAC',
    aacHint: 'As the DJ sends it, unchanged where that is AAC.',
    opus: 'Opus',
    opusHint: 'The best sound for the least data.',
    files: 'As a file for your player:',
  },
  fr: {
    lead: 'Ouvrez une de ces adresses dans VLC, mpv, une application de radio ou une enceinte connectée.',
    mp3: 'MP3',
    mp3Hint: 'Marche partout.',
    aac: 'AAC',
    aacHint: 'Comme le DJ l’envoie, tel quel si c’est de l’AAC.',
    opus: 'Opus',
    opusHint: 'Le meilleur son pour le moins de données.',
    files: 'En fichier pour votre lecteur :',
  },
})
