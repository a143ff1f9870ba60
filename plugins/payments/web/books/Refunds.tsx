import { Badge, Card, formatDate, formatMoney, useTexts } from '#web'
import type { BookPage } from '../../contract.ts'
import { bookTexts } from './texts.ts'

/** What went back of a payment: how much, when, by whom and why. */
export function Refunds({ payment: { refunds, currency } }: { payment: BookPage }) {
  const t = useTexts(bookTexts)
  return (
    <Card title={t('refunds')}>
      {refunds.length === 0 ? (
        <p class="muted small">{t('noRefunds')}</p>
      ) : (
        <ul class="book-refunds">
          {refunds.map(({ id, amountMinor, kind, reason, by, createdAt, returnedAt }) => (
            <li key={id}>
              <p class="figures">
                {t('refundLine', {
                  amount: formatMoney({ amountMinor, currency }),
                  date: formatDate(createdAt),
                })}{' '}
                <Badge tone={returnedAt ? 'ok' : 'warn'}>{t(returnedAt ? 'sent' : 'onItsWay')}</Badge>
              </p>
              <p class="muted small">{by ? t('by', { name: by }) : t(`kind-${kind}`)}</p>
              {reason && (
                <p class="book-text" dir="auto">
                  {reason}
                </p>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
