import { useId } from 'preact/hooks'
import { formatMoney, useTexts } from '#web'
import type { TipTerms } from '../contract.ts'
import { tipFormTexts } from './form-texts.ts'
import type { Offer } from './offer.ts'

interface AmountProps {
  offer: Offer
  terms: TipTerms
  error: string | undefined
  onChange(part: Partial<Offer>): void
}

/** A few amounts to choose from, or one's own. */
export function AmountField({ offer, terms, error, onChange }: AmountProps) {
  const t = useTexts(tipFormTexts)
  const id = useId()
  const { currency, presetsMinor } = terms
  const isOwn = offer.presetMinor === null
  return (
    <fieldset class="tip-amounts">
      <legend>{t('amount')}</legend>
      <div class="tip-choices">
        {presetsMinor.map((amountMinor) => (
          <Choice
            key={amountMinor}
            group={id}
            isOn={offer.presetMinor === amountMinor}
            onPick={() => onChange({ presetMinor: amountMinor })}
          >
            {formatMoney({ amountMinor, currency }, true)}
          </Choice>
        ))}
        <Choice group={id} isOn={isOwn} onPick={() => onChange({ presetMinor: null })}>
          {t('other')}
        </Choice>
      </div>
      {isOwn && (
        <div class={`field${error ? ' has-error' : ''}`}>
          <label for={`${id}-own`}>{t('otherLabel', { currency })}</label>
          <div class="field-row">
            <input
              id={`${id}-own`}
              name="amount"
              inputMode="decimal"
              autocomplete="off"
              maxLength={18}
              value={offer.typed}
              aria-describedby={`${id}-note`}
              aria-invalid={error ? 'true' : undefined}
              onInput={(event) => onChange({ typed: event.currentTarget.value })}
            />
          </div>
        </div>
      )}
      <p id={`${id}-note`} class={error ? 'field-error' : 'field-hint'}>
        {error}
      </p>
    </fieldset>
  )
}

interface ChoiceProps {
  group: string
  isOn: boolean
  onPick(): void
  children: string
}

function Choice({ group, isOn, onPick, children }: ChoiceProps) {
  return (
    <label class="tip-choice">
      <input type="radio" name={group} checked={isOn} onChange={onPick} />
      <span class="figures">{children}</span>
    </label>
  )
}
