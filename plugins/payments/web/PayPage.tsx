import './pay.css'
import { useState } from 'preact/hooks'
import { notFound } from '#contract'
import {
  asProblem,
  Button,
  ButtonLink,
  Card,
  call,
  formatDate,
  formatMoney,
  NotFound,
  Notice,
  navigate,
  type PageProps,
  QueryView,
  safeNext,
  useQuery,
  useTexts,
  useTitle,
} from '#web'
import { decideTestPayment, getPayment, type PaymentView } from '../contract.ts'
import { payTexts } from './texts.ts'

/** `/pay/{id}`: what a payment service would show, for trying out. */
export default function PayPage({ params }: PageProps) {
  const t = useTexts(payTexts)
  const query = useQuery(getPayment, { params: { id: params.id ?? '' } }, { freshMs: 0 })
  useTitle(t('title'))
  if (query.error?.is(notFound)) return <NotFound />
  return (
    <div class="pay">
      <h1>{t('title')}</h1>
      <QueryView query={query}>{(payment) => <Pay payment={payment} onDecided={query.set} />}</QueryView>
    </div>
  )
}

function Pay({ payment, onDecided }: { payment: PaymentView; onDecided(payment: PaymentView): void }) {
  const t = useTexts(payTexts)
  const back = safeNext(payment.back)
  const amount = formatMoney(payment)
  const [busy, setBusy] = useState<'paid' | 'failed' | null>(null)
  const [error, setError] = useState<string | null>(null)
  const decide = async (outcome: 'paid' | 'failed') => {
    setBusy(outcome)
    setError(null)
    try {
      const decided = await call(decideTestPayment, { params: { id: payment.id }, body: { outcome } })
      onDecided(decided)
      if (decided.status === 'paid') navigate(back, { replace: true })
    } catch (reason) {
      setError(asProblem(reason).message)
    } finally {
      setBusy(null)
    }
  }
  const isOpen = payment.isTest && (payment.status === 'created' || payment.status === 'failed')
  return (
    <Card>
      <div class="pay-what">
        <p class="pay-amount figures">{amount}</p>
        <p>{payment.title}</p>
      </div>
      {payment.isTest && <Notice tone="warn">{t('notice')}</Notice>}
      <div role="status" class="pay-state">
        <State payment={payment} />
      </div>
      <div role="alert">{error && <Notice tone="bad">{error}</Notice>}</div>
      <div class="row">
        {isOpen && (
          <Button
            look="main"
            isBusy={busy === 'paid'}
            disabled={busy !== null}
            onClick={() => void decide('paid')}
          >
            {t('pay', { amount })}
          </Button>
        )}
        {isOpen && payment.status === 'created' ? (
          <Button isBusy={busy === 'failed'} disabled={busy !== null} onClick={() => void decide('failed')}>
            {t('decline')}
          </Button>
        ) : (
          <ButtonLink href={back}>{t('back')}</ButtonLink>
        )}
      </div>
    </Card>
  )
}

function State({ payment }: { payment: PaymentView }) {
  const t = useTexts(payTexts)
  const { status, isTest, isLate, refundedMinor, currency, expiresAt } = payment
  const partly = t('partly', { amount: formatMoney({ amountMinor: refundedMinor, currency }) })
  if (status === 'paid' && refundedMinor > 0) return <Notice>{partly}</Notice>
  if (status === 'paid') return <Notice tone="ok">{t('paid')}</Notice>
  if (status === 'refunded') return <Notice>{t(isLate ? 'late' : 'refunded')}</Notice>
  if (status === 'expired') return <Notice tone="warn">{t('expired')}</Notice>
  if (!isTest) return <Notice>{t('real')}</Notice>
  if (status === 'created')
    return <p class="muted small">{t('until', { time: formatDate(expiresAt, 'time') })}</p>
  return (
    <Notice tone="bad">
      {t('failed')} {t('again')}
    </Notice>
  )
}
