import { identity } from '#contract'
import { formatDate } from '../../../sdk/format.ts'
import { usePages } from '../../../sdk/pages.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { ButtonLink } from '../../../ui/button.tsx'
import { Icon } from '../../../ui/icons.tsx'
import { MoreButton } from '../../../ui/more-button.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { type Column, Table } from '../../../ui/table.tsx'
import { useDeviceWords } from '../sessions/device.ts'
import { activityTexts } from './texts.ts'
import { eventWords, isAlarm } from './words.ts'

/** What happened to the account, as a security log for its holder. */
export default function Activity() {
  const t = useTexts(activityTexts)
  const device = useDeviceWords()
  const pages = usePages(identity.listSecurityEvents, { query: { limit: 30 } })
  const columns: Column<identity.SecurityEvent>[] = [
    {
      key: 'when',
      label: t('when'),
      cell: ({ at }) => <time dateTime={at}>{formatDate(at)}</time>,
    },
    {
      key: 'what',
      label: t('what'),
      cell: ({ action }) => (
        <span class={isAlarm(action) ? 'event-alarm' : undefined}>
          {isAlarm(action) && <Icon name="warning" size={16} />}
          {eventWords(action)}
        </span>
      ),
    },
    {
      key: 'where',
      label: t('where'),
      cell: (event) => [event.device && device(event.device), event.address].filter(Boolean).join(' · '),
    },
  ]
  return (
    <>
      <p class="page-lead">{t('lead')}</p>
      <QueryView query={pages.query}>
        {() =>
          pages.items.length === 0 ? (
            <EmptyState icon="clock" title={t('empty')} text={t('emptyText')} />
          ) : (
            <Table caption={t('list')} columns={columns} rows={pages.items} keyOf={({ id }) => id} />
          )
        }
      </QueryView>
      <MoreButton pages={pages} />
      <div class="row">
        <ButtonLink look="plain" href="/account/sessions">
          {t('toSessions')}
        </ButtonLink>
      </div>
    </>
  )
}
