import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary as common } from '@zxcvbn-ts/language-common'
import { dictionary as english } from '@zxcvbn-ts/language-en'
import type { PasswordVerdict } from './password-policy.ts'
import { passwordWords } from './password-words.ts'

/** Guessing it takes more than 10^8 tries: too many for a stolen hash of argon2id, too, unless somebody pays much. */
const leastScore = 3
const leastLength = 10

/**
 * Knows the 49 233 commonest passwords of known breaches, and 180 000 words and names; some 60 MB once loaded. Its
 * work grows with the square of the length and with the signs that may stand for letters: the beginning is judged
 * and few such signs are read, so that no text anybody sends keeps the process busy.
 */
const zxcvbn = new ZxcvbnFactory({
  dictionary: { ...common, ...english },
  graphs: adjacencyGraphs,
  maxLength: 64,
  l33tMaxSubstitutions: 4,
})

/** Judges by zxcvbn and the lists of common passwords it carries. */
export function judge(password: string, about: readonly string[], language: string): PasswordVerdict {
  const { score, feedback } = zxcvbn.check(password, wordsOf(about))
  const words = passwordWords[language === 'fr' ? 'fr' : 'en']
  if (password.length < leastLength) return { score, isAccepted: false, reason: words.short }
  if (score >= leastScore) return { score, isAccepted: true, reason: null }
  return { score, isAccepted: false, reason: words.warnings[feedback.warning ?? ''] ?? words.weak }
}

/** The texts, their parts and the parts in one: an address gives away the name in it. */
const wordsOf = (about: readonly string[]) =>
  about
    .flatMap((text) => {
      const words = text.split(/[@.\s_-]+/)
      return [text, words.join(''), ...words]
    })
    .filter((word) => word.length > 2)
