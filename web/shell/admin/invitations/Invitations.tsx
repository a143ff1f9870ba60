import { useState } from 'preact/hooks'
import { admin } from '#contract'
import { call } from '../../../sdk/call.ts'
import { confirm } from '../../../sdk/confirm.ts'
import { formatDate } from '../../../sdk/format.ts'
import { usePages } from '../../../sdk/pages.ts'
import { useQuery } from '../../../sdk/query.ts'
import { can } from '../../../sdk/session.ts'
import { type Translate, useTexts } from '../../../sdk/texts.ts'
import { Badge, type Tone } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { MoreButton } from '../../../ui/more-button.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { type Column, Table } from '../../../ui/table.tsx'
import { act } from '../act.ts'
import { roleTitle } from '../roles/words.ts'
import { InviteDialog } from './InviteDialog.tsx'
import { invitationTexts } from './texts.ts'

type T = Translate<(typeof invitationTexts)['en']>
type Invitation = admin.Invitation
const tones: Record<Invitation['state'], Tone> = { open: 'ok', 'used-up': 'plain', expired: 'plain' }

function columnsOf(
  t: T,
  roles: readonly admin.RoleView[],
  takeBack: (one: Invitation) => void,
): Column<Invitation>[] {
  return [
    { key: 'note', label: t('forWhom'), cell: ({ note }) => note || '–' },
    { key: 'role', label: t('role'), cell: ({ role }) => roleTitle(role, roles) },
    {
      key: 'state',
      label: t('state'),
      cell: ({ state }) => <Badge tone={tones[state]}>{t(`is-${state}`)}</Badge>,
    },
    { key: 'uses', label: t('uses'), cell: ({ uses, maxUses }) => t('usesOf', { uses, max: maxUses }) },
    {
      key: 'ends',
      label: t('ends'),
      cell: ({ expiresAt }) => (expiresAt ? formatDate(expiresAt, 'short') : t('noEnd')),
    },
    { key: 'by', label: t('by'), cell: ({ createdBy }) => createdBy ?? t('gone') },
    {
      key: 'actions',
      label: t('actions'),
      cell: (one) => (
        <Button onClick={() => takeBack(one)}>{t(one.state === 'open' ? 'takeBack' : 'remove')}</Button>
      ),
    },
  ]
}

/** Links that open accounts: made, counted, taken back. */
export default function Invitations() {
  const t = useTexts(invitationTexts)
  const [isInviting, setInviting] = useState(false)
  const roles = useQuery(admin.listRoles, can('identity.manage-accounts') ? {} : null).data?.roles ?? []
  const pages = usePages(admin.listInvitations, { query: { limit: 30 } })
  const takeBack = async ({ id, state }: Invitation) => {
    const question = { title: t('takeBackTitle'), text: t('takeBackText'), action: t('takeBack') }
    if (state === 'open' && !(await confirm(question))) return
    await act(() => call(admin.removeInvitation, { params: { id } }), t('takenBack'))
    await pages.query.reload()
  }
  const invite = (
    <Button look="main" icon="plus" onClick={() => setInviting(true)}>
      {t('invite')}
    </Button>
  )
  return (
    <>
      <PageHeader title={t('invitations')} lead={t('lead')} actions={invite} />
      <QueryView query={pages.query}>
        {() =>
          pages.items.length === 0 ? (
            <EmptyState icon="send" title={t('empty')} text={t('emptyText')} />
          ) : (
            <Table
              caption={t('invitations')}
              columns={columnsOf(t, roles, (one) => void takeBack(one))}
              rows={pages.items}
              keyOf={({ id }) => id}
            />
          )
        }
      </QueryView>
      <MoreButton pages={pages} />
      {isInviting && (
        <InviteDialog
          roles={roles}
          onMade={() => void pages.query.reload()}
          onClose={() => setInviting(false)}
        />
      )}
    </>
  )
}
