import type { admin } from '#contract'
import { formatDate, formatNumber } from '../../../sdk/format.ts'
import { type Translate, useTexts } from '../../../sdk/texts.ts'
import { Icon } from '../../../ui/icons.tsx'
import { type Column, Table } from '../../../ui/table.tsx'
import { auditTexts } from './texts.ts'

type T = Translate<(typeof auditTexts)['en']>
type Entry = admin.AuditEntry

function asText(value: unknown): string {
  if (typeof value === 'string') return value
  const isPlain = Array.isArray(value) && value.every((item) => typeof item === 'string')
  return isPlain ? value.join(', ') : JSON.stringify(value)
}

/** What the detail tells in a line; what is empty says nothing. */
function summaryOf({ detail }: Entry): string {
  const told = Object.entries(detail).map(([name, value]) => [name, value === null ? '' : asText(value)])
  return told.flatMap(([name, text]) => (text ? `${name}: ${text}` : [])).join(', ')
}

/** Everything an entry carries, as names and values. */
function factsOf(t: T, entry: Entry): [name: string, value: string][] {
  const known: [string, string | null][] = [
    [t('place'), entry.seq === null ? t('notYet') : formatNumber(entry.seq)],
    [t('subject'), entry.subject],
    [t('address'), entry.address],
    [t('request'), entry.requestId],
  ]
  const detail = Object.entries(entry.detail).map(([name, value]): [string, string] => [name, asText(value)])
  return [...known.filter((fact): fact is [string, string] => Boolean(fact[1])), ...detail]
}

function Details({ t, entry }: { t: T; entry: Entry }) {
  return (
    <details class="entry">
      <summary>
        <span>{summaryOf(entry) || t('details')}</span>
        <Icon name="chevron-down" size={16} />
      </summary>
      <dl>
        {factsOf(t, entry).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

/** Entries of the log; each opens to all it carries. */
export function EntryTable({ entries }: { entries: readonly Entry[] }) {
  const t = useTexts(auditTexts)
  const columns: Column<Entry>[] = [
    {
      key: 'when',
      label: t('when'),
      cell: ({ at }) => <time dateTime={at}>{formatDate(at)}</time>,
    },
    { key: 'what', label: t('what'), cell: ({ action }) => <code>{action}</code> },
    { key: 'who', label: t('who'), cell: ({ actorName }) => actorName ?? t('theMachine') },
    { key: 'details', label: t('details'), cell: (entry) => <Details t={t} entry={entry} /> },
  ]
  return <Table caption={t('audit')} columns={columns} rows={entries} keyOf={({ id }) => id} />
}
