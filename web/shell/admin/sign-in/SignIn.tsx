import { admin } from '#contract'
import { Link } from '../../../sdk/link.tsx'
import { useQuery } from '../../../sdk/query.ts'
import { can } from '../../../sdk/session.ts'
import { useSite } from '../../../sdk/site.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { Card } from '../../../ui/card.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { roleTitle } from '../roles/words.ts'
import { Providers } from './Providers.tsx'
import { signInTexts } from './texts.ts'
import './sign-in.css'

function Joining() {
  const t = useTexts(signInTexts)
  const { registration } = useSite()
  const maySet = can('server.administer')
  const settings = useQuery(admin.getSettings, maySet ? {} : null).data
  return (
    <Card title={t('join')}>
      <p>{t(`join-${registration}`)}</p>
      {settings && <p>{t(settings.needsVerifiedEmail ? 'verified-yes' : 'verified-no')}</p>}
      {maySet && (
        <p>
          <Link href="/admin/settings">{t('change')}</Link>
        </p>
      )}
    </Card>
  )
}

function TwoFactors() {
  const t = useTexts(signInTexts)
  const query = useQuery(admin.listRoles)
  return (
    <Card title={t('twoFactors')} lead={t('twoFactorsText')}>
      <QueryView query={query}>
        {({ roles }) => {
          const asking = roles.filter(({ needsSecondFactor }) => needsSecondFactor)
          const names = asking.map(({ name }) => roleTitle(name, roles)).join(', ')
          return <p>{names ? t('rolesSome', { roles: names }) : t('rolesNone')}</p>
        }}
      </QueryView>
      <p>
        <Link href="/admin/roles">{t('toRoles')}</Link>
      </p>
    </Card>
  )
}

/** How members get in: other accounts they may use, who may join, who needs two factors. */
export default function SignIn() {
  const t = useTexts(signInTexts)
  return (
    <>
      <PageHeader title={t('signIn')} />
      <div class="stack sign-in-page">
        <Providers />
        <div class="sign-in-cards">
          <Joining />
          {can('identity.manage-accounts') && <TwoFactors />}
        </div>
      </div>
    </>
  )
}
