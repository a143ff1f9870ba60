import { defineTexts } from '../../sdk/texts.ts'

/** Words about names and addresses, wherever they are asked for. */
export const nameTexts = defineTexts({
  en: {
    email: 'E-mail address',
    emailHint: 'Only the label sees it.',
    emailWrong: 'Write it as name@example.org.',
    username: 'Username',
    usernameHint: 'Small letters, digits, hyphens and underscores.',
    usernameWrong:
      'Use 2 to 30 small letters, digits, hyphens or underscores, beginning and ending with a letter or digit.',
    displayName: 'Shown name',
    displayNameHint: 'What others read beside your messages.',
  },
  fr: {
    email: 'Adresse e-mail',
    emailHint: 'Seul le label la voit.',
    emailWrong: 'Écrivez-la ainsi : nom@exemple.org.',
    username: 'Nom d’utilisateur',
    usernameHint: 'Lettres minuscules, chiffres, traits d’union et tirets bas.',
    usernameWrong:
      'Prenez 2 à 30 minuscules, chiffres, traits d’union ou tirets bas, avec une lettre ou un chiffre au début et à la fin.',
    displayName: 'Nom affiché',
    displayNameHint: 'Ce que les autres lisent à côté de vos messages.',
  },
})
