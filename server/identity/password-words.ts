/** Why a password is refused, in one sentence; `warnings` by the key zxcvbn gives. */
export interface PasswordWords {
  short: string
  weak: string
  warnings: Readonly<Record<string, string>>
}

const same = (text: string, keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, text]))
const common = ['topTen', 'topHundred', 'common', 'pwned']
const names = ['namesByThemselves', 'commonNames']
const rows = ['straightRow', 'keyPattern']
const repeats = ['simpleRepeat', 'extendedRepeat']
const dates = ['recentYears', 'dates']

export const passwordWords: Readonly<Record<'en' | 'fr', PasswordWords>> = {
  en: {
    short: 'Use at least 10 characters.',
    weak: 'This password is easy to guess; add a word or two that have nothing to do with you.',
    warnings: {
      ...same('Very many people use this password; take several words that do not belong together.', common),
      similarToCommon: 'This is close to a password that very many people use; begin with other words.',
      wordByItself: 'One word alone is easy to guess; add two or three more.',
      ...same('Names are easy to guess; add words that have nothing to do with them.', names),
      userInputs: 'This has your name, your address or the label’s name in it; take other words.',
      ...same('A row of neighbouring keys is easy to guess; take words instead.', rows),
      ...same('Repeated signs are easy to guess; take words instead.', repeats),
      sequences: 'Sequences as abc or 6543 are easy to guess; take words instead.',
      ...same('Years and dates are easy to guess; take words instead.', dates),
    },
  },
  fr: {
    short: 'Utilisez au moins 10 caractères.',
    weak: 'Ce mot de passe est facile à deviner ; ajoutez un mot ou deux sans rapport avec vous.',
    warnings: {
      ...same('Beaucoup de gens ont ce mot de passe ; prenez plusieurs mots sans rapport entre eux.', common),
      similarToCommon: 'Beaucoup de gens ont un mot de passe semblable ; commencez par d’autres mots.',
      wordByItself: 'Un mot seul est facile à deviner ; ajoutez-en deux ou trois.',
      ...same('Les noms sont faciles à deviner ; ajoutez des mots sans rapport avec eux.', names),
      userInputs: 'On y trouve votre nom, votre adresse ou le nom du label ; prenez d’autres mots.',
      ...same('Des touches voisines sont faciles à deviner ; prenez plutôt des mots.', rows),
      ...same('Les signes répétés sont faciles à deviner ; prenez plutôt des mots.', repeats),
      sequences: 'Les suites comme abc ou 6543 sont faciles à deviner ; prenez plutôt des mots.',
      ...same('Les années et les dates sont faciles à deviner ; prenez plutôt des mots.', dates),
    },
  },
}
