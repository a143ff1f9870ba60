import { formatDate } from './format.ts'
import { say } from './language.ts'

interface Told {
  /** In the words of who suspended the account; empty where nothing was said. */
  reason?: unknown
  /** ISO time; null until somebody lifts it. */
  until?: unknown
}

/** Why somebody cannot sign in and until when, where the refusal tells. */
export function suspensionWords(problem: object): string {
  const { reason, until }: Told = problem
  const time = typeof until === 'string' ? formatDate(until) : ''
  const state = time
    ? say({ en: `This account is suspended until ${time}.`, fr: `Ce compte est suspendu jusqu’au ${time}.` })
    : say({
        en: 'This account is suspended; ask the label.',
        fr: 'Ce compte est suspendu ; demandez au label.',
      })
  return typeof reason === 'string' && reason
    ? `${state} ${say({ en: `Reason: ${reason}`, fr: `Motif : ${reason}` })}`
    : state
}
