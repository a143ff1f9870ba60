import { useId, useState } from 'preact/hooks'
import { useTexts } from '../sdk/texts.ts'
import { uiTexts } from './texts.ts'

interface TagsFieldProps {
  label: string
  hint?: string
  error?: string | undefined
  values: readonly string[]
  most: number
  onValues(values: string[]): void
}

/** A few short words: Enter or a comma adds one, its button or Backspace takes it away. */
export function TagsField({ label, hint, error, values, most, onValues }: TagsFieldProps) {
  const t = useTexts(uiTexts)
  const id = useId()
  const [text, setText] = useState('')
  const isFull = values.length >= most
  const add = (given: string) => {
    const words = given
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '')
    const known = new Set(values.map((value) => value.toLowerCase()))
    onValues([...values, ...words.filter((word) => !known.has(word.toLowerCase()))].slice(0, most))
    setText('')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && text.trim() !== '') {
      event.preventDefault()
      add(text)
    }
    if (event.key === 'Backspace' && text === '' && values.length > 0) onValues(values.slice(0, -1))
  }
  return (
    <div class={`field tags-field${error ? ' has-error' : ''}`}>
      <label for={id}>{label}</label>
      {values.length > 0 && (
        <ul class="tags">
          {values.map((value) => (
            <li key={value}>
              <button
                type="button"
                class="tag"
                aria-label={t('tagRemove', { word: value })}
                onClick={() => onValues(values.filter((one) => one !== value))}
              >
                {value} <span aria-hidden="true">×</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        id={id}
        value={text}
        maxLength={120}
        disabled={isFull}
        aria-describedby={`${id}-note`}
        aria-invalid={error ? 'true' : undefined}
        enterkeyhint="enter"
        onInput={(event) => {
          const { value } = event.currentTarget
          if (value.includes(',')) add(value)
          else setText(value)
        }}
        onKeyDown={onKeyDown}
        onBlur={() => text.trim() !== '' && add(text)}
      />
      <p id={`${id}-note`} class={error ? 'field-error' : 'field-hint'}>
        {error ?? (isFull ? t('tagsFull', { count: most }) : (hint ?? t('tagsHint')))}
      </p>
    </div>
  )
}
