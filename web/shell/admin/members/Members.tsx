import { useState } from 'preact/hooks'
import { admin } from '#contract'
import { formatAgo } from '../../../sdk/format.ts'
import { Link } from '../../../sdk/link.tsx'
import { usePages } from '../../../sdk/pages.ts'
import { useQuery } from '../../../sdk/query.ts'
import { type Translate, useTexts } from '../../../sdk/texts.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Field } from '../../../ui/field.tsx'
import { MoreButton } from '../../../ui/more-button.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { type Column, Table } from '../../../ui/table.tsx'
import { givenOnly, SearchField, useFilters } from '../filters.tsx'
import { roleTitle } from '../roles/words.ts'
import { AddMember } from './AddMember.tsx'
import { StatusBadge } from './status.tsx'
import { memberTexts } from './texts.ts'

type T = Translate<(typeof memberTexts)['en']>
type Roles = readonly admin.RoleView[]
const STATES = ['active', 'suspended', 'leaving', 'deleted'] as const

function Person({ t, account }: { t: T; account: admin.AccountView }) {
  return (
    <div class="who">
      <Avatar name={account.displayName} url={account.avatarUrl} size={36} />
      <div>
        <Link class="who-name" href={`/admin/members/${account.id}`}>
          {account.displayName}
        </Link>
        <p class="muted">
          @{account.username} · {account.email}
        </p>
        {(account.hasSecondFactor || !account.isEmailVerified) && (
          <p class="row who-marks">
            {account.hasSecondFactor && <Badge tone="ok">{t('twoFactors')}</Badge>}
            {!account.isEmailVerified && <Badge tone="warn">{t('unverified')}</Badge>}
          </p>
        )}
      </div>
    </div>
  )
}

function columnsOf(t: T, roles: Roles): Column<admin.AccountView>[] {
  return [
    { key: 'person', label: t('person'), cell: (account) => <Person t={t} account={account} /> },
    {
      key: 'roles',
      label: t('roles'),
      cell: (account) => account.roles.map((name) => roleTitle(name, roles)).join(', '),
    },
    { key: 'state', label: t('state'), cell: ({ status }) => <StatusBadge status={status} /> },
    { key: 'seen', label: t('lastSeen'), cell: ({ seenAt }) => (seenAt ? formatAgo(seenAt) : t('never')) },
  ]
}

/** Everybody with an account: found by name or address, narrowed by role and state. */
export default function Members() {
  const t = useTexts(memberTexts)
  const [filters, setFilter] = useFilters(['q', 'role', 'status'])
  const [isAdding, setAdding] = useState(false)
  const roles = useQuery(admin.listRoles).data?.roles ?? []
  const { status, ...rest } = givenOnly(filters)
  const known = STATES.find((name) => name === status)
  const pages = usePages(admin.listAccounts, {
    query: { limit: 30, ...rest, ...(known && { status: known }) },
  })
  const add = (
    <Button look="main" icon="plus" onClick={() => setAdding(true)}>
      {t('add')}
    </Button>
  )
  return (
    <>
      <PageHeader title={t('members')} actions={add} />
      <search class="admin-filters">
        <SearchField
          name="q"
          label={t('search')}
          placeholder={t('searchHint')}
          value={filters.q}
          onValue={(value) => setFilter('q', value)}
        />
        <Field
          name="role"
          type="select"
          label={t('role')}
          value={filters.role}
          onValue={(value) => setFilter('role', value)}
          options={[
            { value: '', label: t('anyRole') },
            ...roles.map(({ name }) => ({ value: name, label: roleTitle(name, roles) })),
          ]}
        />
        <Field
          name="status"
          type="select"
          label={t('state')}
          value={filters.status}
          onValue={(value) => setFilter('status', value)}
          options={[
            { value: '', label: t('anyState') },
            ...STATES.map((name) => ({ value: name, label: t(`is-${name}`) })),
          ]}
        />
      </search>
      <QueryView query={pages.query}>
        {() =>
          pages.items.length === 0 ? (
            <EmptyState icon="users" title={t('noneFound')} text={t('noneFoundText')} />
          ) : (
            <Table
              caption={t('members')}
              columns={columnsOf(t, roles)}
              rows={pages.items}
              keyOf={({ id }) => id}
            />
          )
        }
      </QueryView>
      <MoreButton pages={pages} />
      {isAdding && <AddMember roles={roles} onClose={() => setAdding(false)} />}
    </>
  )
}
