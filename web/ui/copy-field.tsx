import { useId, useState } from 'preact/hooks'
import { useTexts } from '../sdk/texts.ts'
import { Button } from './button.tsx'
import { uiTexts } from './texts.ts'

interface CopyFieldProps {
  label: string
  value: string
  /** Hidden until asked for; copying works without showing. */
  isSecret?: boolean
  hint?: string
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

/** A value to take elsewhere (a server address, a key): shown, hidden, copied. */
export function CopyField({ label, value, isSecret = false, hint }: CopyFieldProps) {
  const t = useTexts(uiTexts)
  const id = useId()
  const [isShown, setShown] = useState(!isSecret)
  const [said, setSaid] = useState('')
  const press = async () => {
    const isDone = await copy(value)
    if (!isDone) setShown(true)
    setSaid(t(isDone ? 'copied' : 'copyYourself'))
    setTimeout(() => setSaid(''), 4000)
  }
  return (
    <div class="copy-field">
      <label for={id}>{label}</label>
      <div class="copy-row">
        <input
          id={id}
          readOnly
          value={isShown ? value : '•'.repeat(Math.min(24, value.length))}
          onFocus={(event) => isShown && event.currentTarget.select()}
          spellcheck={false}
        />
        {isSecret && (
          <Button aria-pressed={isShown} onClick={() => setShown(!isShown)}>
            {t(isShown ? 'hide' : 'show')}
          </Button>
        )}
        <Button onClick={press} aria-label={t('copyWhat', { what: label })}>
          {t('copy')}
        </Button>
      </div>
      <p class="field-hint" role="status">
        {said || hint}
      </p>
    </div>
  )
}
