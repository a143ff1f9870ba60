import { signal } from '@preact/signals'
import { identity } from '#contract'
import { ProblemError } from './problem-error.ts'

export interface IdentityQuestion {
  /** Second factors of which one has to be shown; null: the password does, too. */
  methods: readonly unknown[] | null
  answer(isConfirmed: boolean): void
}

/** The open question "is it you?", or null; the shell draws it. */
export const identityQuestion = signal<IdentityQuestion | null>(null)
let asked: Promise<boolean> | null = null

/** Asks for a proof; true once the server has taken it. Two that ask at once share the answer. */
function askIdentity(methods: IdentityQuestion['methods']): Promise<boolean> {
  asked ??= new Promise<boolean>((resolve) => {
    identityQuestion.value = {
      methods,
      answer: (isConfirmed) => {
        identityQuestion.value = null
        asked = null
        resolve(isConfirmed)
      },
    }
  })
  return asked
}

/** A password first and a second factor after it, at the most. */
const mostQuestions = 2

/**
 * Does something the server may want a fresh proof for: where it answers identity.confirm-needed, asks for the
 * password, a code or a passkey and tries again. Whoever closes the question gets that problem thrown.
 */
export async function withConfirm<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let questions = 0; ; questions++) {
    try {
      return await work()
    } catch (error) {
      const isAsked = error instanceof ProblemError && error.is(identity.confirmNeeded)
      if (!isAsked || questions >= mostQuestions) throw error
      const { methods } = error.members
      if (!(await askIdentity(Array.isArray(methods) ? methods : null))) throw error
    }
  }
}
