import { useState } from 'preact/hooks'
import { admin } from '#contract'
import { call } from '../../../sdk/call.ts'
import { confirm, confirmByName } from '../../../sdk/confirm.ts'
import { navigate } from '../../../sdk/location.ts'
import { invalidate, type Query } from '../../../sdk/query.ts'
import { me } from '../../../sdk/session.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { toast } from '../../../sdk/toast.ts'
import { Button, type ButtonLook } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { act } from '../act.ts'
import { SuspendDialog } from './SuspendDialog.tsx'
import { memberTexts } from './texts.ts'

interface Step {
  name: 'suspend' | 'signOut' | 'resetFactors' | 'mailLink' | 'remove'
  look?: ButtonLook
  isOff?: boolean
  run(): unknown
}

function StepRow({ step, isFixed }: { step: Step; isFixed: boolean }) {
  const t = useTexts(memberTexts)
  const [isBusy, setBusy] = useState(false)
  const press = async () => {
    setBusy(true)
    await step.run()
    setBusy(false)
  }
  return (
    <li>
      <p>{t(`${step.name}Text`)}</p>
      <Button look={step.look ?? 'soft'} isBusy={isBusy} disabled={isFixed || step.isOff} onClick={press}>
        {t(step.name)}
      </Button>
    </li>
  )
}

/** What each button does to the account; the page's query follows. */
function useSteps(
  account: admin.AccountDetail,
  query: Query<admin.AccountDetail>,
  suspend: () => void,
): Step[] {
  const t = useTexts(memberTexts)
  const { id, displayName: name, username, email, factors } = account
  const params = { id }
  const isOwn = id === me.value?.id
  const signOut = () =>
    act(async () => {
      const { ended } = await call(admin.endAccountSessions, { params })
      toast(t('signedOut', { count: ended }))
      await query.reload()
    })
  const resetFactors = async () => {
    const text = t('resetFactorsAsk', { name })
    const question = { title: t('resetFactors'), text, action: t('resetFactors') }
    if (await confirm(question))
      await act(
        async () => query.set(await call(admin.resetAccountFactors, { params })),
        t('factorsReset', { name }),
      )
  }
  const remove = async () => {
    const question = { title: t('remove'), text: t('removeAsk'), action: t('remove'), name: username }
    if (!(await confirmByName(question))) return
    if (!(await act(() => call(admin.removeAccount, { params }), t('removed', { name })))) return
    invalidate(admin.listAccounts)
    navigate('/admin/members')
  }
  return [
    {
      name: 'mailLink',
      run: () => act(() => call(admin.mailPasswordLink, { params }), t('linkMailed', { email })),
    },
    { name: 'signOut', isOff: account.sessions.length === 0, run: signOut },
    { name: 'resetFactors', isOff: isOwn || (!factors.hasTotp && factors.passkeys === 0), run: resetFactors },
    { name: 'suspend', look: 'danger', isOff: isOwn || account.suspension !== null, run: suspend },
    { name: 'remove', look: 'danger', isOff: isOwn, run: remove },
  ]
}

interface MemberActionsProps {
  account: admin.AccountDetail
  query: Query<admin.AccountDetail>
  isFixed: boolean
}

/** What can be done about an account, mildest first, each with what it means. */
export function MemberActions({ account, query, isFixed }: MemberActionsProps) {
  const t = useTexts(memberTexts)
  const [isSuspending, setSuspending] = useState(false)
  const steps = useSteps(account, query, () => setSuspending(true))
  return (
    <Card title={t('actions')}>
      <ul class="steps">
        {steps.map((step) => (
          <StepRow key={step.name} step={step} isFixed={isFixed} />
        ))}
      </ul>
      {isSuspending && (
        <SuspendDialog account={account} onChange={query.set} onClose={() => setSuspending(false)} />
      )}
    </Card>
  )
}
