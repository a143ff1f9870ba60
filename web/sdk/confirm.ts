import { signal } from '@preact/signals'

export interface Question {
  title: string
  /** What will happen, in a sentence. */
  text: string
  /** What the button does: `Delete the recording`. */
  action: string
  /** When set, this name must be typed before the button works: for what cannot be undone. */
  name?: string
}

/** The question on the page, or null; the frame draws it. */
export const question = signal<(Question & { answer(isYes: boolean): void }) | null>(null)

/** Asks before something destructive. Answers true only when the person pressed the action. */
export function confirm(asked: Question): Promise<boolean> {
  question.peek()?.answer(false)
  return new Promise((resolve) => {
    question.value = {
      ...asked,
      answer: (isYes) => {
        question.value = null
        resolve(isYes)
      },
    }
  })
}

/** Asks before something that cannot be undone: the name has to be typed. */
export function confirmByName(asked: Question & { name: string }): Promise<boolean> {
  return confirm(asked)
}
