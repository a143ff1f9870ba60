import { defineTexts } from '#web'

/** The words of how a player does. */
export const figuresTexts = defineTexts({
  en: {
    figureDelay: 'Delay',
    figureBuffer: 'Buffer',
    figurePicture: 'Picture',
    figureDropped: 'Frames dropped',
    figureLine: 'Line',
    figureList: 'Playlist',
    figureStalls: 'Stalls',
    figureRate: 'Speed',
    figureStep: 'Camera off by',
    figureSwitch: 'Last switch',
    listLow: 'low latency',
    listPlain: 'plain',
    listDvr: 'all that is kept',
    listRecording: 'recording',
    ofFrames: '{count} of {all}',
  },
  fr: {
    figureDelay: 'Retard',
    figureBuffer: 'Réserve',
    figurePicture: 'Image',
    figureDropped: 'Images perdues',
    figureLine: 'Connexion',
    figureList: 'Liste',
    figureStalls: 'Arrêts',
    figureRate: 'Vitesse',
    figureStep: 'Écart de la caméra',
    figureSwitch: 'Dernier changement',
    listLow: 'faible latence',
    listPlain: 'simple',
    listDvr: 'tout ce qui est gardé',
    listRecording: 'enregistrement',
    ofFrames: '{count} sur {all}',
  },
})
