import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary as common } from '@zxcvbn-ts/language-common'
import { dictionary as english } from '@zxcvbn-ts/language-en'
import type { PasswordVerdict } from './password-policy.ts'

/** Guessing it takes more than 10^8 tries: too many for a stolen hash of argon2id, too, unless somebody pays much. */
const leastScore = 3

const zxcvbn = new ZxcvbnFactory({
  dictionary: { ...common, ...english },
  graphs: adjacencyGraphs,
  maxLength: 128,
})

/** Judges by zxcvbn and the lists of common passwords it carries. */
export function judge(password: string, about: readonly string[]): PasswordVerdict {
  const { score, feedback } = zxcvbn.check(password, wordsOf(about))
  const isAccepted = score >= leastScore
  return {
    score,
    isAccepted,
    reason: isAccepted
      ? null
      : (feedback.warning ??
        'This password is too easy to guess; add a word or two that have nothing to do with you.'),
  }
}

const wordsOf = (about: readonly string[]) =>
  about.flatMap((text) => text.split(/[@.\s_-]+/)).filter((word) => word.length > 2)
