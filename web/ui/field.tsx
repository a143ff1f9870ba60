import { useId, useState } from 'preact/hooks'
import { useTexts } from '../sdk/texts.ts'
import { IconButton } from './button.tsx'
import { uiTexts } from './texts.ts'

export type FieldType =
  | 'text'
  | 'email'
  | 'password'
  | 'textarea'
  | 'color'
  | 'select'
  | 'number'
  | 'date'
  | 'datetime-local'
  | 'search'
type InputType = Exclude<FieldType, 'textarea' | 'select'>
export interface FieldProps {
  label: string
  name: string
  value: string
  onValue(value: string): void
  type?: FieldType
  hint?: string | undefined
  error?: string | undefined
  isOptional?: boolean
  autocomplete?: string
  /** Choices of a `select`. */
  options?: { value: string; label: string }[]
  placeholder?: string
  maxLength?: number
  /** Which keys a phone offers: `numeric` for codes. */
  inputMode?: 'numeric' | 'email'
  /** Height of a `textarea`; 3 lines unless said. */
  rows?: number
  isDisabled?: boolean
}

function Control({
  id,
  described,
  field,
  type,
}: {
  id: string
  described: string
  field: FieldProps
  type: InputType
}) {
  const shared = {
    id,
    name: field.name,
    value: field.value,
    disabled: field.isDisabled,
    'aria-describedby': described,
    'aria-invalid': field.error ? ('true' as const) : undefined,
  }
  if (field.type === 'textarea') {
    return (
      <textarea
        {...shared}
        rows={field.rows ?? 3}
        maxLength={field.maxLength}
        placeholder={field.placeholder}
        onInput={(event) => field.onValue(event.currentTarget.value)}
      />
    )
  }
  if (field.type === 'select') {
    return (
      <select {...shared} onInput={(event) => field.onValue(event.currentTarget.value)}>
        {field.options?.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    )
  }
  return (
    <input
      {...shared}
      // The types forbid a role for some kinds of input, which a union of kinds cannot meet.
      type={type as 'text'}
      autocomplete={field.autocomplete}
      inputMode={field.inputMode}
      maxLength={field.maxLength}
      placeholder={field.placeholder}
      spellcheck={type === 'text' ? undefined : false}
      autocapitalize={field.autocomplete?.startsWith('username') ? 'none' : undefined}
      onInput={(event) => field.onValue(event.currentTarget.value)}
    />
  )
}

/** A labelled input: label above, hint and error under it, both read out with it. */
export function Field(field: FieldProps) {
  const t = useTexts(uiTexts)
  const id = useId()
  const [isShown, setShown] = useState(false)
  const { type = 'text', label, hint, error, isOptional, value, onValue } = field
  const isPlain = type === 'textarea' || type === 'select' || (type === 'password' && isShown)
  const shownType = isPlain ? 'text' : type
  return (
    <div class={`field field-${type}${error ? ' has-error' : ''}`}>
      <label for={id}>
        {label}
        {isOptional && <span class="field-optional"> {t('optional')}</span>}
      </label>
      <div class="field-row">
        <Control id={id} described={`${id}-note`} field={field} type={shownType} />
        {type === 'password' && (
          <IconButton
            icon={isShown ? 'eye-off' : 'eye'}
            label={t(isShown ? 'hidePassword' : 'showPassword')}
            onClick={() => setShown(!isShown)}
          />
        )}
        {type === 'color' && (
          <input
            class="field-hex"
            aria-label={`${label} (#rrggbb)`}
            value={value}
            maxLength={7}
            spellcheck={false}
            onInput={(event) => onValue(event.currentTarget.value)}
          />
        )}
      </div>
      <p id={`${id}-note`} class={error ? 'field-error' : 'field-hint'}>
        {error ?? hint}
      </p>
    </div>
  )
}
