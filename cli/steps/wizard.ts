import { admin, identity, type z } from '#contract'
import { VezaError } from '../../server/errors.ts'
import { cleanUrl } from '../../server/sites/registry.ts'
import { defaultUrl } from './initialise.ts'

type Answers = Partial<Record<'url' | 'title' | 'email' | 'password' | 'again', string>>

/** What the wizard asks, in order. `check` returns what is wrong in words, or null. */
export interface Question {
  key: keyof Answers
  label: string
  help: string
  isSecret: boolean
  preset(): string
  check(text: string, answers: Answers): string | null
}

export const questions: readonly Question[] = [
  {
    key: 'url',
    label: 'Public address',
    help: 'Where visitors find the label, as https://label.example',
    isSecret: false,
    preset: defaultUrl,
    check: (text) => {
      try {
        cleanUrl(text)
        return null
      } catch (error) {
        return error instanceof VezaError ? `${error.message} ${error.remedy}` : String(error)
      }
    },
  },
  {
    key: 'title',
    label: 'Name of the label',
    help: 'Shown on every page; it can be changed later',
    isSecret: false,
    preset: () => '',
    check: (text) => bySchema(admin.SiteSettings.shape.title.unwrap(), text),
  },
  {
    key: 'email',
    label: 'Your e-mail address',
    help: 'You become the owner and sign in with it',
    isSecret: false,
    preset: () => '',
    check: (text) => bySchema(identity.Email, text),
  },
  {
    key: 'password',
    label: 'Your password',
    help: 'At least 10 characters; it is not shown',
    isSecret: true,
    preset: () => '',
    check: (text) => bySchema(identity.Password, text),
  },
  {
    key: 'again',
    label: 'The same password again',
    help: 'To be sure there is no slip in it',
    isSecret: true,
    preset: () => '',
    check: (text, { password }) => (text === password ? null : 'The two passwords differ.'),
  },
]

export interface WizardState {
  /** Of the question asked now; as many as there are questions when all are answered. */
  index: number
  text: string
  error: string | null
  answers: Answers
}

export const begin = (): WizardState => ({
  index: 0,
  text: questions[0]?.preset() ?? '',
  error: null,
  answers: {},
})

/** What typed or pasted characters lead to: carriage return answers, backspace takes back, others are added. */
export function next(state: WizardState, keys: string): WizardState {
  return [...keys].reduce(afterKey, state)
}

function afterKey(state: WizardState, key: string): WizardState {
  const question = questions[state.index]
  if (!question) return state
  if (key === '\b') return { ...state, text: [...state.text].slice(0, -1).join(''), error: null }
  if (key !== '\r' && key !== '\n')
    return key < ' ' ? state : { ...state, text: `${state.text}${key}`, error: null }
  const text = question.isSecret ? state.text : state.text.trim()
  const error = question.check(text, state.answers)
  // Which of the two passwords has the slip, nobody knows: both are asked again.
  if (error && question.key === 'again') return { ...state, index: state.index - 1, text: '', error }
  if (error) return { ...state, error }
  const index = state.index + 1
  return {
    index,
    text: questions[index]?.preset() ?? '',
    error: null,
    answers: { ...state.answers, [question.key]: text },
  }
}

function bySchema(schema: z.ZodType, text: string): string | null {
  const result = schema.safeParse(text)
  return result.success ? null : (result.error.issues[0]?.message ?? 'This is not right.')
}
