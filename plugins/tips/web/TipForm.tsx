import { useEffect, useRef } from 'preact/hooks'
import { Button, Checkbox, Field, formatMoney, Notice, useTexts } from '#web'
import type { TipTerms } from '../contract.ts'
import { AmountField } from './AmountField.tsx'
import { tipFormTexts } from './form-texts.ts'
import { SuperchatField } from './SuperchatField.tsx'
import { type Giving, useGiving } from './use-giving.ts'

/** What is given, with which words; then on to where it is paid. */
export default function TipForm({ slug, terms }: { slug: string; terms: TipTerms }) {
  const t = useTexts(tipFormTexts)
  const giving = useGiving(slug, terms)
  const { offer, amountMinor, errors, problem, isBusy, change } = giving
  const form = useRef<HTMLFormElement>(null)
  // Its dialog was opened before it was loaded.
  useEffect(() => form.current?.querySelector('input')?.focus(), [])
  const onSubmit = (event: Event) => {
    event.preventDefault()
    const toFault = () => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
    void giving.send().then(() => requestAnimationFrame(toFault))
  }
  return (
    <form ref={form} class="form tip-form" onSubmit={onSubmit} noValidate>
      <AmountField offer={offer} terms={terms} error={errors.amountMinor} onChange={change} />
      <SuperchatField offer={offer} terms={terms} onChange={change} />
      <Words giving={giving} />
      {terms.isTest && <Notice tone="warn">{t('test')}</Notice>}
      <div role="alert">{problem && <Notice tone="bad">{problem.message}</Notice>}</div>
      <div class="tip-pay">
        <p class="tip-total">
          <span>{t('total')}</span>
          <b class="figures">
            {amountMinor === null ? '–' : formatMoney({ amountMinor, currency: terms.currency })}
          </b>
        </p>
        <Button look="main" type="submit" isBusy={isBusy}>
          {t('pay')}
        </Button>
      </div>
    </form>
  )
}

/** From here on the reader is told how much is left. */
const tellFrom = 40

function Words({ giving: { offer, left, errors, change } }: { giving: Giving }) {
  const t = useTexts(tipFormTexts)
  const count = left < 0 ? t('tooLong', { count: -left }) : t('left', { count: left })
  return (
    <>
      <Field
        name="message"
        type="textarea"
        rows={2}
        label={t('message')}
        isOptional={!offer.isSuperchat}
        value={offer.message}
        error={left < 0 ? count : errors.message}
        hint={left >= 0 && left < tellFrom && offer.message ? count : t('messageHint')}
        onValue={(message) => change({ message })}
      />
      <Checkbox
        isOn={offer.isSuperchat || offer.showName}
        isDisabled={offer.isSuperchat}
        hint={t('showNameHint')}
        onCheck={(showName) => change({ showName })}
      >
        {t('showName')}
      </Checkbox>
    </>
  )
}
