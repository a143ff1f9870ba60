import { Button, IconButton, useTexts } from '#web'
import type { CreditInput } from '../../contract.ts'
import { editTexts } from './texts.ts'

/** Roles that are offered; any other may be written. */
const roles = [
  'main',
  'featured',
  'remixer',
  'producer',
  'composer',
  'lyricist',
  'performer',
  'vocals',
  'mixing engineer',
  'mastering engineer',
  'artwork',
]
const most = 60

interface CreditRowsProps {
  credits: readonly CreditInput[]
  error?: string | undefined
  onCredits(credits: CreditInput[]): void
}

/** Who did what, a line each; `main` and `featured` are the artists shown. */
export function CreditRows({ credits, error, onCredits }: CreditRowsProps) {
  const t = useTexts(editTexts)
  const set = (at: number, part: Partial<CreditInput>) =>
    onCredits(credits.map((credit, index) => (index === at ? { ...credit, ...part } : credit)))
  return (
    <fieldset class={`credit-rows${error ? ' has-error' : ''}`}>
      <legend>{t('credits')}</legend>
      <p class="field-hint">{t('creditsHint')}</p>
      {credits.map(({ name, role }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name, and only the last is added
        <div class="credit-row" key={at}>
          <input
            aria-label={t('creditName', { number: at + 1 })}
            value={name}
            maxLength={120}
            onInput={(event) => set(at, { name: event.currentTarget.value })}
          />
          <input
            aria-label={t('creditRole', { number: at + 1 })}
            value={role}
            maxLength={40}
            list="credit-roles"
            onInput={(event) => set(at, { role: event.currentTarget.value })}
          />
          <IconButton
            icon="trash"
            label={t('creditRemove', { name: name || String(at + 1) })}
            onClick={() => onCredits(credits.filter((_, index) => index !== at))}
          />
        </div>
      ))}
      <datalist id="credit-roles">
        {roles.map((role) => (
          <option key={role} value={role} />
        ))}
      </datalist>
      {error && <p class="field-error">{error}</p>}
      {credits.length < most && (
        <Button
          icon="plus"
          onClick={() =>
            onCredits([...credits, { name: '', role: credits.length === 0 ? 'main' : 'producer' }])
          }
        >
          {t('creditAdd')}
        </Button>
      )}
    </fieldset>
  )
}

/** As it is sent: lines without a name are left out. */
export const withoutEmpty = (credits: readonly CreditInput[]): CreditInput[] =>
  credits.filter(({ name }) => name.trim() !== '')
