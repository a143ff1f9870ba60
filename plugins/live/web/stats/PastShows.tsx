import { useState } from 'preact/hooks'
import {
  asProblem,
  Button,
  Card,
  call,
  formatDate,
  formatDuration,
  formatNumber,
  Link,
  Table,
  toast,
  useTexts,
} from '#web'
import { listShowTotals, type ShowTotals } from '../../contract.ts'
import { statsAddress } from './address.ts'
import { statsTexts } from './texts.ts'

interface PastShowsProps {
  slug: string
  first: { items: ShowTotals[]; next: string | null }
}

/** Every show of the channel with its totals. */
export function PastShows({ slug, first }: PastShowsProps) {
  const t = useTexts(statsTexts)
  const [more, setMore] = useState<PastShowsProps['first'] | null>(null)
  const [isBusy, setBusy] = useState(false)
  const next = more ? more.next : first.next
  const load = async () => {
    if (!next) return
    setBusy(true)
    try {
      const page = await call(listShowTotals, { params: { slug }, query: { after: next } })
      setMore({ items: [...(more?.items ?? []), ...page.items], next: page.next })
    } catch (error) {
      toast(asProblem(error).message)
    }
    setBusy(false)
  }
  return (
    <Card title={t('shows')}>
      <Table
        caption={t('shows')}
        rows={[...first.items, ...(more?.items ?? [])]}
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
      {next && (
        <Button isBusy={isBusy} onClick={() => void load()}>
          {t('more')}
        </Button>
      )}
    </Card>
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
