import { formatMoney, type Query, QueryView, Skeleton, useTexts } from '#web'
import type { BookSum, BookSums } from '../../contract.ts'
import { bookTexts } from './texts.ts'

/** What was paid and what went back of all that is shown, each currency by itself; nothing where nothing was paid. */
export function Sums({ query }: { query: Query<BookSums> }) {
  const t = useTexts(bookTexts)
  return (
    <QueryView query={query} skeleton={<Skeleton lines={2} />}>
      {({ sums }) =>
        sums.length > 0 && (
          <section class="book-sums" aria-label={t('sums')}>
            {sums.map((sum) => (
              <Sum key={`${sum.currency}${sum.isTest}`} sum={sum} />
            ))}
          </section>
        )
      }
    </QueryView>
  )
}

function Sum({ sum: { currency, isTest, count, paidMinor, refundedMinor, keptMinor } }: { sum: BookSum }) {
  const t = useTexts(bookTexts)
  const money = (amountMinor: number) => formatMoney({ amountMinor, currency })
  return (
    <div class="book-sum">
      <dl class="figures">
        <div>
          <dt>{t('paidIn', { currency })}</dt>
          <dd>{money(paidMinor)}</dd>
        </div>
        <div>
          <dt>{t('back')}</dt>
          <dd>{money(refundedMinor)}</dd>
        </div>
        <div>
          <dt>{t('kept')}</dt>
          <dd>{money(keptMinor)}</dd>
        </div>
      </dl>
      <p class="muted small">
        {t('count', { count })}
        {isTest && ` · ${t('testSums')}`}
      </p>
    </div>
  )
}
