import {
  Card,
  formatDate,
  formatDuration,
  formatNumber,
  Link,
  MoreButton,
  QueryView,
  Table,
  usePages,
  useTexts,
} from '#web'
import { listShowTotals, type ShowTotals } from '../../contract.ts'
import { statsAddress } from './address.ts'
import { statsTexts } from './texts.ts'

/** Every show of the channel with its totals. */
export function PastShows({ slug }: { slug: string }) {
  const t = useTexts(statsTexts)
  const pages = usePages(listShowTotals, { params: { slug } })
  return (
    <QueryView query={pages.query}>
      {() => (
        <Card title={t('shows')}>
          <Table
            caption={t('shows')}
            rows={pages.items}
            keyOf={({ streamId }) => streamId}
            columns={[
              {
                key: 'show',
                label: t('colShow'),
                cell: ({ streamId, title }) => <Link href={statsAddress(slug, streamId)}>{title}</Link>,
              },
              { key: 'date', label: t('colDate'), cell: ({ startedAt }) => formatDate(startedAt) },
              number('length', t('colLength'), (row) => formatDuration(lengthOf(row))),
              number('people', t('colPeople'), ({ people }) => formatNumber(people)),
              number('peak', t('colPeak'), ({ peak }) => formatNumber(peak)),
              number('watch', t('colWatch'), ({ watchS }) => formatDuration(watchS * 1000)),
              number('replay', t('colReplay'), ({ replayPeople }) => formatNumber(replayPeople)),
            ]}
          />
          <MoreButton pages={pages} />
        </Card>
      )}
    </QueryView>
  )
}

const number = (key: string, label: string, cell: (row: ShowTotals) => string) => ({
  key,
  label,
  cell,
  isNumber: true,
})

const lengthOf = ({ startedAt, endedAt, durationMs }: ShowTotals) =>
  durationMs > 0 ? durationMs : (endedAt ? Date.parse(endedAt) : Date.now()) - Date.parse(startedAt)
