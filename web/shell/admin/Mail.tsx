import { admin, type z } from '#contract'
import { formatAgo } from '../../sdk/format.ts'
import { usePages } from '../../sdk/pages.ts'
import { useTexts } from '../../sdk/texts.ts'
import { Badge } from '../../ui/badge.tsx'
import { MoreButton } from '../../ui/more-button.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { adminTexts } from './texts.ts'

type Letter = z.infer<NonNullable<typeof admin.listMail.result>>['items'][number]

/** Mail sent and held; a held one can be read here, so that a label without a mail server is not stuck. */
export default function Mail() {
  const t = useTexts(adminTexts)
  const pages = usePages(admin.listMail, { query: { limit: 30 } })
  const columns: Column<Letter>[] = [
    { key: 'to', label: t('to'), cell: (mail) => mail.to },
    {
      key: 'subject',
      label: t('subject'),
      cell: (mail) => (
        <>
          <details>
            <summary>{mail.subject}</summary>
            <pre class="mail-text">{mail.text}</pre>
          </details>
          {mail.lastError && <p class="plugin-error">{mail.lastError}</p>}
        </>
      ),
    },
    { key: 'state', label: t('state'), cell: (mail) => <Badge>{mail.state}</Badge> },
    { key: 'when', label: t('when'), cell: (mail) => formatAgo(mail.sentAt ?? mail.createdAt) },
  ]
  return (
    <>
      <PageHeader title={t('mail')} />
      <QueryView query={pages.query}>
        {() =>
          pages.items.length === 0 ? (
            <EmptyState icon="send" title={t('mailEmpty')} text={t('mailEmptyText')} />
          ) : (
            <>
              <Table caption={t('mail')} columns={columns} rows={pages.items} keyOf={({ id }) => id} />
              <MoreButton pages={pages} />
            </>
          )
        }
      </QueryView>
    </>
  )
}
