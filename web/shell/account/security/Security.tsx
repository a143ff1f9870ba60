import { identity } from '#contract'
import { useQuery } from '../../../sdk/query.ts'
import { me } from '../../../sdk/session.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { Notice } from '../../../ui/notice.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { AppPasswordsCard } from './AppPasswordsCard.tsx'
import { LinkedCard } from './LinkedCard.tsx'
import { PasskeysCard } from './PasskeysCard.tsx'
import { PasswordCard } from './PasswordCard.tsx'
import { RecoveryCard } from './RecoveryCard.tsx'
import { TotpCard } from './TotpCard.tsx'
import { securityTexts } from './texts.ts'

/** The ways into the account: what is set up, and how to change it. */
export default function Security() {
  const t = useTexts(securityTexts)
  const query = useQuery(identity.getFactors)
  const reload = () => void query.reload()
  return (
    <QueryView query={query} skeleton={<Skeleton shape="block" count={3} />}>
      {(factors) => (
        <div class="account-parts">
          {me.value?.needsSecondFactor && <Notice tone="warn">{t('askedBy')}</Notice>}
          <PasswordCard hasPassword={factors.hasPassword} onChange={reload} />
          <TotpCard isOn={factors.hasTotp} onChange={reload} />
          <PasskeysCard passkeys={factors.passkeys} onChange={reload} />
          <RecoveryCard factors={factors} onChange={reload} />
          <AppPasswordsCard />
          <LinkedCard />
        </div>
      )}
    </QueryView>
  )
}
