import './books.css'
import { useState } from 'preact/hooks'
import { notFound } from '#contract'
import {
  Button,
  Card,
  type Column,
  formatDate,
  formatMoney,
  Icon,
  Link,
  NotFound,
  PageHeader,
  type PageProps,
  QueryView,
  Table,
  type Translate,
  useQuery,
  useTexts,
  useTitle,
} from '#web'
import { type BookEntry, type BookPage, getBook } from '../../contract.ts'
import { Payer } from './BooksPage.tsx'
import { RefundDialog } from './RefundDialog.tsx'
import { Refunds } from './Refunds.tsx'
import { StatusBadge } from './status.tsx'
import { bookTexts } from './texts.ts'

type T = Translate<(typeof bookTexts)['en']>

/** One payment: what it paid, its course, what went back, and every line of the ledger. */
export default function OneBook({ params }: PageProps) {
  const t = useTexts(bookTexts)
  const query = useQuery(getBook, { params: { id: params.id ?? '' } }, { freshMs: 0 })
  if (query.error?.is(notFound)) return <NotFound />
  return (
    <>
      <Link class="back" href="/admin/payments">
        <Icon name="arrow-left" size={16} /> {t('toList')}
      </Link>
      <QueryView query={query}>{(payment) => <Whole payment={payment} onChange={query.set} />}</QueryView>
    </>
  )
}

function Whole({ payment, onChange }: { payment: BookPage; onChange(payment: BookPage): void }) {
  const t = useTexts(bookTexts)
  const [isAsking, setAsking] = useState(false)
  const { amountMinor, currency, title } = payment
  useTitle(title)
  const refund = payment.can.refund && (
    <Button look="danger" icon="undo" onClick={() => setAsking(true)}>
      {t('refund')}
    </Button>
  )
  return (
    <>
      <PageHeader
        title={formatMoney({ amountMinor, currency })}
        lead={
          <span class="book-lead">
            <StatusBadge payment={payment} /> <span>{title}</span> · <Payer payer={payment.payer} />
          </span>
        }
        actions={refund}
      />
      <div class="book-grid">
        <div class="stack">
          <Subject t={t} payment={payment} />
          <Refunds payment={payment} />
        </div>
        <Card title={t('facts')}>
          <Facts t={t} payment={payment} />
        </Card>
        <Ledger t={t} payment={payment} />
      </div>
      {isAsking && <RefundDialog payment={payment} onChange={onChange} onClose={() => setAsking(false)} />}
    </>
  )
}

function Subject({ t, payment: { subject, purposeTitle } }: { t: T; payment: BookPage }) {
  return (
    <Card title={t('subject')}>
      <p class="muted small">{purposeTitle}</p>
      {subject ? (
        <>
          <p>{subject.path ? <Link href={subject.path}>{subject.title}</Link> : subject.title}</p>
          {subject.text !== null && (
            <blockquote class="book-text" dir="auto">
              {subject.text}
            </blockquote>
          )}
        </>
      ) : (
        <p>{t('subjectGone')}</p>
      )}
    </Card>
  )
}

function Facts({ t, payment }: { t: T; payment: BookPage }) {
  const isOpen = payment.status === 'created' || payment.status === 'failed'
  const times: [label: string, at: string | null][] = [
    [t('begun'), payment.createdAt],
    [t('payBy'), isOpen ? payment.expiresAt : null],
    [t('expiredAt'), payment.expiredAt],
    [t('paidAt'), payment.paidAt],
    [t('refundedAt'), payment.refundedAt],
  ]
  return (
    <dl class="book-facts figures">
      {times.map(
        ([label, at]) =>
          at && (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                <time dateTime={at}>{formatDate(at)}</time>
              </dd>
            </div>
          ),
      )}
      <div>
        <dt>{t('provider')}</dt>
        <dd>{payment.provider === 'sandbox' ? t('sandbox') : payment.provider}</dd>
      </div>
      <div>
        <dt>{t('number')}</dt>
        <dd>
          <code>{payment.id}</code>
        </dd>
      </div>
    </dl>
  )
}

function Ledger({ t, payment: { entries, currency } }: { t: T; payment: BookPage }) {
  const columns: Column<BookEntry>[] = [
    {
      key: 'when',
      label: t('when'),
      cell: ({ createdAt }) => <time dateTime={createdAt}>{formatDate(createdAt)}</time>,
    },
    { key: 'why', label: t('why'), cell: ({ reason }) => reasonOf(t, reason) },
    { key: 'account', label: t('account'), cell: ({ account }) => <code>{account}</code> },
    {
      key: 'amount',
      label: t('amount'),
      isNumber: true,
      // A minus, not a hyphen: it is as wide as a digit.
      cell: ({ amountMinor }) => formatMoney({ amountMinor, currency }).replace('-', '−'),
    },
  ]
  return (
    <Card title={t('ledger')}>
      {entries.length === 0 ? (
        <p class="muted small">{t('noEntries')}</p>
      ) : (
        <Table caption={t('ledger')} columns={columns} rows={entries} keyOf={({ id }) => id} />
      )}
    </Card>
  )
}

function reasonOf(t: T, reason: string): string {
  return reason === 'paid' || reason === 'refunded' ? t(`reason-${reason}`) : reason
}
