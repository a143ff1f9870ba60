import { useState } from 'preact/hooks'
import { admin } from '#contract'
import { call } from '../../../sdk/call.ts'
import { formatAgo, formatDate } from '../../../sdk/format.ts'
import { usePages } from '../../../sdk/pages.ts'
import { type Translate, useTexts } from '../../../sdk/texts.ts'
import { toast } from '../../../sdk/toast.ts'
import { withConfirm } from '../../../sdk/with-confirm.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Form } from '../../../ui/form.tsx'
import { MoreButton } from '../../../ui/more-button.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { type Column, Table } from '../../../ui/table.tsx'
import { act } from '../act.ts'
import { durationOptions, minutesOf } from '../durations.ts'
import { addressTexts } from './texts.ts'

type T = Translate<(typeof addressTexts)['en']>
type Rule = admin.AddressRule

function columnsOf(t: T, remove: (rule: Rule) => void): Column<Rule>[] {
  return [
    { key: 'network', label: t('network'), cell: ({ network }) => <code>{network}</code> },
    {
      key: 'kind',
      label: t('kind'),
      cell: ({ kind }) => <Badge tone={kind === 'deny' ? 'bad' : 'ok'}>{t(`kind-${kind}`)}</Badge>,
    },
    { key: 'reason', label: t('reason'), cell: ({ reason }) => reason || '–' },
    { key: 'until', label: t('until'), cell: ({ until }) => (until ? formatDate(until) : t('forGood')) },
    { key: 'made', label: t('made'), cell: ({ createdAt }) => formatAgo(createdAt) },
    {
      key: 'actions',
      label: t('actions'),
      cell: (rule) => <Button onClick={() => remove(rule)}>{t('remove')}</Button>,
    },
  ]
}

function AddRule({ onAdded, onClose }: { onAdded(): void; onClose(): void }) {
  const t = useTexts(addressTexts)
  return (
    <Dialog title={t('add')} isOpen onClose={onClose}>
      <Form
        initial={{ kind: 'deny', minutes: 'always' }}
        fields={[
          {
            name: 'network',
            label: t('network'),
            hint: t('networkHint'),
            maxLength: 50,
            autocomplete: 'off',
          },
          {
            name: 'kind',
            label: t('kind'),
            type: 'select',
            options: (['deny', 'allow'] as const).map((value) => ({ value, label: t(`kind-${value}`) })),
          },
          { name: 'reason', label: t('reason'), hint: t('reasonHint'), maxLength: 300, isOptional: true },
          {
            name: 'minutes',
            label: t('howLong'),
            type: 'select',
            options: durationOptions(t('forGood')),
          },
        ]}
        submit={t('add')}
        onSubmit={async ({ network, kind, reason, minutes }) => {
          const body = {
            network,
            reason,
            kind: kind === 'allow' ? ('allow' as const) : ('deny' as const),
            minutes: minutesOf(minutes),
          }
          const added = await withConfirm(() => call(admin.addAddressRule, { body }))
          toast(t('added', { network: added.network }))
          onAdded()
          onClose()
        }}
      />
    </Dialog>
  )
}

/** Rules by address: who is kept out, who is let in. */
export default function Addresses() {
  const t = useTexts(addressTexts)
  const [isAdding, setAdding] = useState(false)
  const pages = usePages(admin.listAddressRules, { query: { limit: 50 } })
  const remove = async ({ id, network }: Rule) => {
    await act(() => call(admin.removeAddressRule, { params: { id } }), t('removed', { network }))
    await pages.query.reload()
  }
  const add = (
    <Button look="main" icon="plus" onClick={() => setAdding(true)}>
      {t('add')}
    </Button>
  )
  return (
    <>
      <PageHeader title={t('addresses')} lead={t('lead')} actions={add} />
      <QueryView query={pages.query}>
        {() =>
          pages.items.length === 0 ? (
            <EmptyState icon="globe" title={t('empty')} text={t('emptyText')} />
          ) : (
            <Table
              caption={t('addresses')}
              columns={columnsOf(t, (rule) => void remove(rule))}
              rows={pages.items}
              keyOf={({ id }) => id}
            />
          )
        }
      </QueryView>
      <MoreButton pages={pages} />
      {isAdding && <AddRule onAdded={() => void pages.query.reload()} onClose={() => setAdding(false)} />}
    </>
  )
}
