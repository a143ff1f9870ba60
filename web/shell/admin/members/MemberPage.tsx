import { admin } from '#contract'
import { formatDate } from '../../../sdk/format.ts'
import { Link } from '../../../sdk/link.tsx'
import type { PageProps } from '../../../sdk/plugin.ts'
import { useQuery } from '../../../sdk/query.ts'
import { can, me } from '../../../sdk/session.ts'
import { type Translate, useTexts } from '../../../sdk/texts.ts'
import { useTitle } from '../../../sdk/title.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { Badge } from '../../../ui/badge.tsx'
import { Icon } from '../../../ui/icons.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { MemberActions } from './MemberActions.tsx'
import { MemberRoles } from './MemberRoles.tsx'
import { Sessions, WaysIn } from './member-cards.tsx'
import { Standing } from './Standing.tsx'
import { StatusBadge } from './status.tsx'
import { memberTexts } from './texts.ts'
import './members.css'

type T = Translate<(typeof memberTexts)['en']>

/** Why nothing, or not everything, can be changed, where that is so. */
function whyNot(t: T, account: admin.AccountDetail): string | null {
  if (account.status === 'deleted') return t('isGone')
  if (!account.can.edit) return t('notYours')
  return account.id === me.value?.id ? t('you') : null
}

function Head({ t, account }: { t: T; account: admin.AccountDetail }) {
  useTitle(account.displayName)
  return (
    <PageHeader
      title={
        <span class="who">
          <Avatar name={account.displayName} url={account.avatarUrl} size={52} />
          <span>{account.displayName}</span>
        </span>
      }
      lead={
        <>
          @{account.username} · {account.email}{' '}
          {!account.isEmailVerified && <Badge tone="warn">{t('unverified')}</Badge>}{' '}
          <StatusBadge status={account.status} /> · {t('since')} {formatDate(account.createdAt, 'date')}
        </>
      }
    />
  )
}

/** One account: how it stands, what it may do, its ways in, its sessions, and what can be done about it. */
export default function MemberPage({ params }: PageProps) {
  const t = useTexts(memberTexts)
  const query = useQuery(admin.getAccount, { params: { id: params.id ?? '' } })
  return (
    <>
      <Link class="back" href="/admin/members">
        <Icon name="arrow-left" size={16} /> {t('back')}
      </Link>
      <QueryView query={query}>
        {(account) => {
          const reason = whyNot(t, account)
          const isFixed = account.status === 'deleted' || !account.can.edit
          return (
            <>
              <Head t={t} account={account} />
              <div class="stack">
                {reason && <Notice>{reason}</Notice>}
                <Standing account={account} onChange={query.set} isFixed={isFixed} />
                <div class="member-grid">
                  <div class="member-facts">
                    <WaysIn account={account} />
                    <Sessions account={account} />
                    {can('identity.read-audit') && (
                      <p>
                        <Link href={`/admin/audit?who=${account.id}`}>{t('seeAudit')}</Link>
                      </p>
                    )}
                  </div>
                  <div class="stack">
                    <MemberRoles
                      key={account.roles.join()}
                      account={account}
                      onChange={query.set}
                      isFixed={isFixed}
                    />
                    <MemberActions account={account} query={query} isFixed={isFixed} />
                  </div>
                </div>
              </div>
            </>
          )
        }}
      </QueryView>
    </>
  )
}
