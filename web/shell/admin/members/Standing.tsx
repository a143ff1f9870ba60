import { useState } from 'preact/hooks'
import { admin } from '#contract'
import { call } from '../../../sdk/call.ts'
import { formatDate } from '../../../sdk/format.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { act } from '../act.ts'
import { memberTexts } from './texts.ts'

interface StandingProps {
  account: admin.AccountDetail
  onChange(account: admin.AccountDetail): void
  isFixed: boolean
}

/** Why an account is suspended or about to go, with the way back. */
export function Standing({ account, onChange, isFixed }: StandingProps) {
  const t = useTexts(memberTexts)
  const [isBusy, setBusy] = useState(false)
  const { suspension, leavesAt } = account
  if (!suspension && !leavesAt) return null
  const restore = async () => {
    setBusy(true)
    await act(
      async () => onChange(await call(admin.restoreAccount, { params: { id: account.id } })),
      t('restored', { name: account.displayName }),
    )
    setBusy(false)
  }
  return (
    <Notice tone={suspension ? 'bad' : 'warn'}>
      <div class="standing">
        <div>
          {suspension && (
            <p>
              <b>
                {suspension.until
                  ? t('suspendedUntil', { time: formatDate(suspension.until) })
                  : t('suspendedForGood')}
              </b>
            </p>
          )}
          {suspension?.reason && <p>{t('reasonWas', { reason: suspension.reason })}</p>}
          {leavesAt && <p>{t('leavesAt', { time: formatDate(leavesAt) })}</p>}
        </div>
        <Button isBusy={isBusy} disabled={isFixed} onClick={restore}>
          {t(suspension ? 'restore' : 'keep')}
        </Button>
      </div>
    </Notice>
  )
}
