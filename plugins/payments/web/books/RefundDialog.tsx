import { useRef, useState } from 'preact/hooks'
import { decimalOf, parseAmount } from '#contract'
import { call, Dialog, Form, formatMoney, language, Notice, toast, useTexts } from '#web'
import { type BookPage, refundBook } from '../../contract.ts'
import { bookTexts } from './texts.ts'

interface RefundDialogProps {
  payment: BookPage
  onChange(payment: BookPage): void
  onClose(): void
}

// Not `randomUUID`: that is missing on plain http, as in a studio's own network.
const newKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/** Asks how much goes back and why, and says what comes of it before it is done. */
export function RefundDialog({ payment, onChange, onClose }: RefundDialogProps) {
  const t = useTexts(bookTexts)
  const { id, currency, payer } = payment
  const name = payer?.displayName ?? t('gone')
  const left = payment.amountMinor - payment.refundedMinor
  const decimal = decimalOf({ amountMinor: left, currency })
  const initial = { amount: language.value === 'fr' ? decimal.replace('.', ',') : decimal, reason: '' }
  const [typed, setTyped] = useState(initial.amount)
  // Pressed twice it is one; another amount is another.
  const key = useRef(newKey())
  const money = (amountMinor: number) => formatMoney({ amountMinor, currency })
  const amountMinor = parseAmount(typed, currency)
  const check = (text: string) => {
    const wanted = parseAmount(text, currency)
    if (wanted === null || wanted === 0) return t('badAmount')
    return wanted > left ? t('tooMuch', { amount: money(left) }) : undefined
  }
  return (
    <Dialog title={t('refundTitle', { name })} isOpen onClose={onClose}>
      <Form
        initial={initial}
        fields={[
          {
            name: 'amount',
            label: t('refundAmount', { currency }),
            hint: t('refundHint', { amount: money(left) }),
            autocomplete: 'off',
            check,
          },
          { name: 'reason', label: t('reason'), hint: t('reasonHint'), type: 'textarea', maxLength: 300 },
        ]}
        submit={t('refund')}
        isDanger
        onChange={({ amount }) => setTyped(amount)}
        onSubmit={async ({ amount, reason }) => {
          const wanted = parseAmount(amount, currency) ?? left
          const part = wanted === left ? {} : { amountMinor: wanted }
          const input = { params: { id }, body: { ...part, reason }, key: `${key.current}-${wanted}` }
          onChange(await call(refundBook, input))
          toast(t('refundDone', { amount: money(wanted), name }))
          onClose()
        }}
      >
        {amountMinor !== null && amountMinor > 0 && amountMinor <= left && (
          <Notice tone="warn">{t('sure', { amount: money(amountMinor), name })}</Notice>
        )}
      </Form>
    </Dialog>
  )
}
