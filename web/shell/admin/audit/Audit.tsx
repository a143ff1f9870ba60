import { admin } from '#contract'
import { urlOf } from '../../../sdk/call.ts'
import { usePages } from '../../../sdk/pages.ts'
import { useSite } from '../../../sdk/site.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { ButtonLink } from '../../../ui/button.tsx'
import { Field } from '../../../ui/field.tsx'
import { MoreButton } from '../../../ui/more-button.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { givenOnly, SearchField, useFilters } from '../filters.tsx'
import { ownerTitle } from '../roles/words.ts'
import { beginOf, endOf } from './days.ts'
import { EntryTable } from './EntryTable.tsx'
import { Proof } from './Proof.tsx'
import { auditTexts } from './texts.ts'
import './audit.css'

const GROUPS = [
  'session',
  'account',
  'password',
  'email',
  'totp',
  'passkey',
  'recovery-code',
  'app-password',
  'identity',
  'consent',
  'invitation',
  'role',
  'address',
  'provider',
  'site',
  'plugin',
  'keys',
  'audit',
] as const

/** The filters of the page's address as the routes take them. */
function asQuery({ action, who, from, to }: Record<'action' | 'who' | 'from' | 'to', string>) {
  const begin = beginOf(from)
  const end = endOf(to)
  return {
    ...givenOnly({ action, who: who.replace(/^@/, '') }),
    ...(begin && { from: begin }),
    ...(end && { to: end }),
  }
}

function Export({ query }: { query: ReturnType<typeof asQuery> }) {
  const t = useTexts(auditTexts)
  return (
    <>
      {(['csv', 'jsonl'] as const).map((format) => (
        <ButtonLink
          key={format}
          icon="download"
          href={urlOf(admin.exportAudit, { query: { ...query, format } })}
          download={`audit.${format}`}
        >
          {t(format === 'csv' ? 'exportCsv' : 'exportLines')}
        </ButtonLink>
      ))}
    </>
  )
}

/** Who did what: searched, opened, proven and taken away. */
export default function Audit() {
  const t = useTexts(auditTexts)
  const { plugins } = useSite()
  const [filters, setFilter] = useFilters(['action', 'who', 'from', 'to'])
  const query = asQuery(filters)
  const pages = usePages(admin.listAudit, { query: { limit: 50, ...query } })
  const isFiltered = Object.keys(query).length > 0
  const groups = [
    { value: '', label: t('anything') },
    ...GROUPS.map((name) => ({ value: `${name}.`, label: t(`of-${name}`) })),
    ...plugins.map((name) => ({ value: `${name}.`, label: ownerTitle(name) })),
  ]
  return (
    <>
      <PageHeader title={t('audit')} lead={t('lead')} />
      <Proof>
        <Export query={query} />
      </Proof>
      <search class="admin-filters">
        <Field
          name="action"
          type="select"
          label={t('what')}
          value={filters.action}
          onValue={(value) => setFilter('action', value)}
          options={groups}
        />
        <SearchField
          name="who"
          label={t('who')}
          placeholder={t('whoHint')}
          value={filters.who}
          onValue={(value) => setFilter('who', value)}
        />
        {(['from', 'to'] as const).map((name) => (
          <Field
            key={name}
            name={name}
            type="date"
            label={t(name)}
            value={filters[name]}
            onValue={(value) => setFilter(name, value)}
          />
        ))}
      </search>
      <QueryView query={pages.query}>
        {() =>
          pages.items.length === 0 ? (
            <EmptyState
              icon="clock"
              title={t(isFiltered ? 'noneFound' : 'empty')}
              text={t(isFiltered ? 'noneFoundText' : 'emptyText')}
            />
          ) : (
            <>
              <EntryTable entries={pages.items} />
              <MoreButton pages={pages} />
            </>
          )
        }
      </QueryView>
    </>
  )
}
