import { type ComponentChildren, Fragment } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { formatClock } from '../sdk/format.ts'
import { asProblem, type ProblemError } from '../sdk/problem-error.ts'
import { useTexts } from '../sdk/texts.ts'
import { Button } from './button.tsx'
import { useCountdown } from './countdown.ts'
import { Field, type FieldProps } from './field.tsx'
import { Notice } from './notice.tsx'
import { uiTexts } from './texts.ts'

/** A field of a form; `name` is the key in the route's body, so that the server's errors find their field. */
export type FormField<Name extends string> = Omit<FieldProps, 'value' | 'onValue' | 'error' | 'name'> & {
  name: Name
  /** Opens a part of a long form with this title. */
  heading?: string
  /** What is wrong with a value before it is sent, in a sentence; the server looks again. */
  check?(value: string): string | undefined
  /** What stands under the field, as it is filled. */
  below?(values: Record<Name, string>): ComponentChildren
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
  /** The button destroys something. */
  isDanger?: boolean
  /** More buttons beside the main one. */
  actions?: ComponentChildren
  /** What no field can ask, between the fields and the button. */
  children?: ComponentChildren
}

/** What can be seen to be wrong without the server: empty fields, and what their `check` says. */
function faults<Name extends string>(
  fields: readonly FormField<Name>[],
  values: Record<Name, string>,
  words: string,
): Record<string, string> {
  const found = fields.map(({ name, isOptional, check }) => {
    if (values[name].trim() === '') return [name, isOptional ? undefined : words]
    return [name, check?.(values[name])]
  })
  return Object.fromEntries(found.filter(([, text]) => text !== undefined))
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
  isDanger,
  actions,
  children,
}: FormProps<Name>) {
  const t = useTexts(uiTexts)
  const form = useRef<HTMLFormElement>(null)
  const [values, setValues] = useState(
    () => Object.fromEntries(fields.map(({ name }) => [name, initial?.[name] ?? ''])) as Record<Name, string>,
  )
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [message, setMessage] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [waitUntil, setWaitUntil] = useState<number | null>(null)
  const waitS = useCountdown(waitUntil)
  const show = (next: Record<string, string>, text: string | null) => {
    setErrors(next)
    setMessage(text)
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus())
  }
  const send = async (event: Event) => {
    event.preventDefault()
    if (isBusy || waitS > 0) return
    const wrong = faults(fields, values, t('required'))
    if (Object.keys(wrong).length > 0) return show(wrong, null)
    setBusy(true)
    show({}, null)
    try {
      await onSubmit(values)
    } catch (error) {
      const problem = asProblem(error)
      const text = problem.isOffline ? t('offlineText') : leftOver(problem, fields, t('checkFields'))
      if (problem.retryAfterS) setWaitUntil(Date.now() + problem.retryAfterS * 1000)
      show(problem.fields, text)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form ref={form} class="form" onSubmit={send} noValidate>
      {fields.map(({ heading, check: _check, below, ...field }) => (
        <Fragment key={field.name}>
          {heading && <h2 class="form-heading">{heading}</h2>}
          <Field
            {...field}
            value={values[field.name]}
            error={errors[field.name] || undefined}
            onValue={(value) => {
              const next = { ...values, [field.name]: value }
              setValues(next)
              if (errors[field.name]) setErrors({ ...errors, [field.name]: '' })
              onChange?.(next)
            }}
          />
          {below?.(values)}
        </Fragment>
      ))}
      {children}
      <div role="alert">{message && <Notice tone="bad">{message}</Notice>}</div>
      {waitS > 0 && (
        <p class="form-wait figures" role="timer">
          {t('waitFor', { time: formatClock(waitS * 1000) })}
        </p>
      )}
      <div class="row">
        <Button look={isDanger ? 'danger' : 'main'} type="submit" isBusy={isBusy} disabled={waitS > 0}>
          {submit}
        </Button>
        {actions}
      </div>
    </form>
  )
}
