import { defineTexts } from '../../sdk/texts.ts'

/** Words about choosing a password, wherever that is done. */
export const passwordTexts = defineTexts({
  en: {
    password: 'Password',
    newPassword: 'New password',
    hint: 'At least 10 characters. A few words in a row are easy to keep.',
    tooShort: 'Use at least 10 characters.',
    strength: 'Strength',
    'score-0': 'guessed at once',
    'score-1': 'very weak',
    'score-2': 'weak',
    'score-3': 'good',
    'score-4': 'very good',
    accepted: 'It can be used.',
    refused: 'Add a word or two that have nothing to do with you.',
  },
  fr: {
    password: 'Mot de passe',
    newPassword: 'Nouveau mot de passe',
    hint: 'Au moins 10 caractères. Quelques mots à la suite se retiennent bien.',
    tooShort: 'Prenez au moins 10 caractères.',
    strength: 'Solidité',
    'score-0': 'deviné aussitôt',
    'score-1': 'très faible',
    'score-2': 'faible',
    'score-3': 'bonne',
    'score-4': 'très bonne',
    accepted: 'Il convient.',
    refused: 'Ajoutez un mot ou deux sans rapport avec vous.',
  },
})
