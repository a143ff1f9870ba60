import { ButtonLink, EmptyState, me, useTexts } from '#web'
import { History } from './History.tsx'
import { historyTexts } from './texts.ts'

/** In the library; guests are told how to keep what they hear. */
export default function HistoryTab() {
  const t = useTexts(historyTexts)
  if (me.value) return <History />
  return (
    <EmptyState
      icon="clock"
      title={t('signIn')}
      action={
        <ButtonLink look="main" href="/login?next=%2Flibrary%2Fhistory">
          {t('signInAction')}
        </ButtonLink>
      }
    />
  )
}
