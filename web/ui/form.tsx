import type { ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { asProblem, type ProblemError } from '../sdk/problem-error.ts'
import { useTexts } from '../sdk/texts.ts'
import { Button } from './button.tsx'
import { Field, type FieldProps } from './field.tsx'
import { Notice } from './notice.tsx'
import { uiTexts } from './texts.ts'

/** A field of a form; `name` is the key in the route's body, so that the server's errors find their field. */
export type FormField<Name extends string> = Omit<FieldProps, 'value' | 'onValue' | 'error' | 'name'> & {
  name: Name
}

interface FormProps<Name extends string> {
  fields: readonly FormField<Name>[]
  initial?: Partial<Record<Name, string>>
  /** What the button does. */
  submit: string
  /** Sends the values; a ProblemError it throws is shown at the fields its pointers name, or above the button. */
  onSubmit(values: Record<Name, string>): Promise<unknown>
  /** Each change, e.g. for a preview. */
  onChange?(values: Record<Name, string>): void
  /** More buttons beside the main one. */
  actions?: ComponentChildren
}

function missing<Name extends string>(
  fields: readonly FormField<Name>[],
  values: Record<Name, string>,
  words: string,
) {
  const empty = fields.filter(({ name, isOptional }) => !isOptional && values[name].trim() === '')
  return Object.fromEntries(empty.map(({ name }) => [name, words]))
}

/** What a problem says that no shown field can say. */
function leftOver<Name extends string>(
  problem: ProblemError,
  fields: readonly FormField<Name>[],
  words: string,
) {
  const found = Object.entries(problem.fields)
  const elsewhere = found.filter(([name]) => !fields.some((field) => field.name === name))
  if (found.length === 0) return problem.body.detail ?? problem.body.title
  return elsewhere.length > 0 ? elsewhere.map(([, message]) => message).join(' ') : words
}

/** Fields and a button. The server decides what is right; nothing typed is lost when it refuses. */
export function Form<Name extends string>({
  fields,
  initial,
  submit,
  onSubmit,
  onChange,
  actions,
}: FormProps<Name>) {
  const t = useTexts(uiTexts)
  const form = useRef<HTMLFormElement>(null)
  const [values, setValues] = useState(
    () => Object.fromEntries(fields.map(({ name }) => [name, initial?.[name] ?? ''])) as Record<Name, string>,
  )
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [message, setMessage] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const show = (next: Record<string, string>, text: string | null) => {
    setErrors(next)
    setMessage(text)
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus())
  }
  const send = async (event: Event) => {
    event.preventDefault()
    const empty = missing(fields, values, t('required'))
    if (Object.keys(empty).length > 0) return show(empty, null)
    setBusy(true)
    show({}, null)
    try {
      await onSubmit(values)
    } catch (error) {
      const problem = asProblem(error)
      const text = problem.isOffline ? t('offlineText') : leftOver(problem, fields, t('checkFields'))
      show(problem.fields, text)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form ref={form} class="form" onSubmit={send} noValidate>
      {fields.map((field) => (
        <Field
          key={field.name}
          {...field}
          value={values[field.name]}
          error={errors[field.name]}
          onValue={(value) => {
            const next = { ...values, [field.name]: value }
            setValues(next)
            onChange?.(next)
          }}
        />
      ))}
      <div role="alert">{message && <Notice tone="bad">{message}</Notice>}</div>
      <div class="row">
        <Button look="main" type="submit" isBusy={isBusy}>
          {submit}
        </Button>
        {actions}
      </div>
    </form>
  )
}
