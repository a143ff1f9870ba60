import { PageHeader, useTexts, useTitle } from '#web'
import { History } from './History.tsx'
import { historyTexts } from './texts.ts'

/** `/history` */
export default function HistoryPage() {
  const t = useTexts(historyTexts)
  useTitle(t('history'))
  return (
    <>
      <PageHeader title={t('history')} lead={t('lead')} />
      <History />
    </>
  )
}
