import { defineTexts } from '#web'

/** The words of the chat beside a recording. */
export const chatReplayTexts = defineTexts({
  en: {
    asItRan: 'Chat as it ran',
    asItRanOf: 'What was said in {room} at that moment',
    nothingYet: 'Nothing said up to here',
    nothingYetText: 'Messages appear as the recording reaches the moment they were written.',
  },
  fr: {
    asItRan: 'Le chat du moment',
    asItRanOf: 'Ce qui se disait dans {room} à ce moment',
    nothingYet: 'Rien jusqu’ici',
    nothingYetText:
      'Les messages apparaissent quand l’enregistrement arrive au moment où ils ont été écrits.',
  },
})
