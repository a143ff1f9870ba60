import { useEffect, useState } from 'preact/hooks'
import { identity, type z } from '#contract'
import { call } from '../../sdk/call.ts'
import { asProblem, type ProblemError } from '../../sdk/problem-error.ts'
import { me, reloadMe } from '../../sdk/session.ts'
import { useTexts } from '../../sdk/texts.ts'
import { useTitle } from '../../sdk/title.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { useHash } from './hash.ts'
import { NoLink } from './NoLink.tsx'
import { ResendButton } from './ResendButton.tsx'
import { recoveryTexts } from './recovery-texts.ts'
import './login.css'

type Done = z.infer<NonNullable<(typeof identity.verify)['result']>>

/** Takes a mailed link at once: confirms an address, finishes a change of address, or undoes one. */
export default function VerifyPage() {
  const t = useTexts(recoveryTexts)
  const { token } = useHash()
  const [done, setDone] = useState<Done | null>(null)
  const [error, setError] = useState<ProblemError | null>(null)
  const [tries, setTries] = useState(0)
  useTitle(t(done ? `${done.done}-title` : 'verifyTitle'))
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try sends it again
  useEffect(() => {
    if (!token) return
    setDone(null)
    setError(null)
    call(identity.verify, { body: { token } }).then(
      (result) => {
        setDone(result)
        // What this account may do can depend on it.
        if (me.peek()) void reloadMe().catch(() => undefined)
      },
      (thrown) => setError(asProblem(thrown)),
    )
  }, [token, tries])
  if (!token) return <NoLink title={t('verifyTitle')} />
  if (done) return <Confirmed {...done} />
  return (
    <div class="login">
      <h1>{t('verifyTitle')}</h1>
      {!error && <Skeleton lines={2} />}
      {error?.is(identity.badLink) && <BadLink problem={error} />}
      {error && !error.is(identity.badLink) && <ErrorState error={error} retry={() => setTries(tries + 1)} />}
    </div>
  )
}

function Confirmed({ done, email }: Done) {
  const t = useTexts(recoveryTexts)
  return (
    <div class="login" role="status">
      <h1>{t(`${done}-title`)}</h1>
      <p class="page-lead">{t(`${done}-text`, { email })}</p>
      <div class="row">
        <ButtonLink look="main" href={me.value ? '/' : '/login'}>
          {t(me.value ? 'goOn' : 'signIn')}
        </ButtonLink>
      </div>
    </div>
  )
}

function BadLink({ problem }: { problem: ProblemError }) {
  const t = useTexts(recoveryTexts)
  const account = me.value
  return (
    <EmptyState
      icon="clock"
      title={problem.message}
      text={account ? account.isEmailVerified && t('already', { email: account.email }) : t('signInFirst')}
      action={
        account ? (
          !account.isEmailVerified && <ResendButton email={account.email} />
        ) : (
          <ButtonLink look="main" href="/login">
            {t('signIn')}
          </ButtonLink>
        )
      }
    />
  )
}
