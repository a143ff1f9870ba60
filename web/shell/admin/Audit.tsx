import { admin, type z } from '#contract'
import { formatDate } from '../../sdk/format.ts'
import { usePages } from '../../sdk/pages.ts'
import { useTexts } from '../../sdk/texts.ts'
import { QueryView } from '../../ui/query-view.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { MoreButton } from './MoreButton.tsx'
import { adminTexts } from './texts.ts'

type Entry = z.infer<typeof admin.AuditEntry>

function about(entry: Entry): string {
  const detail = Object.entries(entry.detail).map(([name, value]) => `${name}: ${String(value)}`)
  return [entry.subject, ...detail].filter(Boolean).join(', ')
}

/** Who did what, newest first. */
export function Audit() {
  const t = useTexts(adminTexts)
  const pages = usePages(admin.listAudit, { query: { limit: 50 } })
  const columns: Column<Entry>[] = [
    {
      key: 'when',
      label: t('when'),
      cell: (entry) => <time dateTime={entry.at}>{formatDate(entry.at)}</time>,
    },
    { key: 'what', label: t('what'), cell: (entry) => <code>{entry.action}</code> },
    { key: 'who', label: t('who'), cell: (entry) => entry.actorName ?? t('theMachine') },
    { key: 'about', label: t('about'), cell: about },
  ]
  return (
    <QueryView query={pages.query}>
      {() =>
        pages.items.length === 0 ? (
          <EmptyState icon="clock" title={t('auditEmpty')} text={t('auditEmptyText')} />
        ) : (
          <>
            <Table caption={t('audit')} columns={columns} rows={pages.items} keyOf={({ id }) => id} />
            <MoreButton pages={pages} />
          </>
        )
      }
    </QueryView>
  )
}
