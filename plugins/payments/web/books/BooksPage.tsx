import './books.css'
import {
  ButtonLink,
  type Column,
  can,
  EmptyState,
  formatDate,
  formatMoney,
  Link,
  MoreButton,
  PageHeader,
  QueryView,
  Table,
  type Translate,
  urlOf,
  useFilters,
  usePages,
  useQuery,
  useTexts,
} from '#web'
import { type BookPayment, exportBooks, listBooks, sumBooks } from '../../contract.ts'
import { Filters } from './Filters.tsx'
import { filterNames, queryOf } from './filters.ts'
import { Sums } from './Sums.tsx'
import { StatusBadge } from './status.tsx'
import { bookTexts } from './texts.ts'

type T = Translate<(typeof bookTexts)['en']>

function columnsOf(t: T): Column<BookPayment>[] {
  return [
    {
      key: 'when',
      label: t('when'),
      cell: ({ createdAt }) => <time dateTime={createdAt}>{formatDate(createdAt)}</time>,
    },
    {
      key: 'what',
      label: t('what'),
      cell: ({ id, title }) => (
        <Link class="who-name book-title" href={`/admin/payments/${id}`}>
          {title}
        </Link>
      ),
    },
    { key: 'who', label: t('who'), cell: ({ payer }) => <Payer payer={payer} /> },
    { key: 'state', label: t('state'), cell: (payment) => <StatusBadge payment={payment} /> },
    {
      key: 'amount',
      label: t('amount'),
      isNumber: true,
      cell: ({ amountMinor, refundedMinor, currency, status }) => (
        <>
          {formatMoney({ amountMinor, currency })}
          {refundedMinor > 0 && status === 'paid' && (
            <p class="muted small">
              {t('ofWhichBack', { amount: formatMoney({ amountMinor: refundedMinor, currency }) })}
            </p>
          )}
        </>
      ),
    },
  ]
}

/** Who paid; a way to their account for those who may see it. */
export function Payer({ payer }: Pick<BookPayment, 'payer'>) {
  const t = useTexts(bookTexts)
  if (!payer) return <span class="muted">{t('gone')}</span>
  const name = <bdi>{payer.displayName}</bdi>
  return can('identity.manage-accounts') ? <Link href={`/admin/members/${payer.id}`}>{name}</Link> : name
}

/** All payments: found, added up and taken along. */
export default function BooksPage() {
  const t = useTexts(bookTexts)
  const [values, setFilter] = useFilters(filterNames)
  const known = useQuery(sumBooks, {}).data
  const query = queryOf(values, known?.currency)
  const pages = usePages(listBooks, { query: { limit: 50, ...query } })
  const sums = useQuery(sumBooks, { query })
  const isFiltered = Object.keys(query).length > 0
  const save = (
    <ButtonLink icon="download" href={urlOf(exportBooks, { query })} download="payments.csv">
      {t('exportCsv')}
    </ButtonLink>
  )
  return (
    <>
      <PageHeader title={t('payments')} lead={t('lead')} actions={save} />
      <Filters values={values} onValue={setFilter} known={known} />
      <Sums query={sums} />
      <QueryView query={pages.query}>
        {() =>
          pages.items.length === 0 ? (
            <EmptyState
              icon="list"
              title={t(isFiltered ? 'noneFound' : 'empty')}
              text={t(isFiltered ? 'noneFoundText' : 'emptyText')}
            />
          ) : (
            <>
              <Table
                caption={t('payments')}
                columns={columnsOf(t)}
                rows={pages.items}
                keyOf={({ id }) => id}
              />
              <MoreButton pages={pages} />
            </>
          )
        }
      </QueryView>
    </>
  )
}
