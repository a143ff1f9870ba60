import { useEffect, useRef, useState } from 'preact/hooks'
import { identity, internal, notFound, notSignedIn } from '#contract'
import { call } from '../../sdk/call.ts'
import { query } from '../../sdk/location.ts'
import { asProblem, type ProblemError, problemOf } from '../../sdk/problem-error.ts'
import { me } from '../../sdk/session.ts'
import { useSite } from '../../sdk/site.ts'
import { useTexts } from '../../sdk/texts.ts'
import { useTitle } from '../../sdk/title.ts'
import { Button } from '../../ui/button.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { AlreadyIn } from './AlreadyIn.tsx'
import { arrive, withNext } from './arrive.ts'
import { ticketOf, useHash } from './hash.ts'
import { ProviderButtons, useProviders } from './Providers.tsx'
import { hasPasskeys, isCancelled, offerPasskeys, signInByPasskey, stopOffering } from './passkey.ts'
import { SecondStep } from './SecondStep.tsx'
import { loginTexts } from './texts.ts'
import './login.css'

/** What `?problem=` may say: a name in an address is never shown as it is. */
const tellable = [
  identity.providerFailed,
  identity.addressInUse,
  identity.linkedElsewhere,
  identity.suspended,
  identity.registrationClosed,
  identity.invitationNeeded,
  identity.badInvitation,
  identity.addressBanned,
  identity.badTicket,
  identity.slowDown,
  identity.wrongCredentials,
  notSignedIn,
  notFound,
  internal,
]

/** Sign in by password, passkey or another account, with a second step where the account has one; then back. */
export default function LoginPage() {
  const hash = useHash()
  const [asked, setAsked] = useState(() => ticketOf(hash))
  const [fault, setFault] = useState<ProblemError | null>(() =>
    problemOf(tellable, query.peek().get('problem')),
  )
  const typed = useRef<{ login?: string }>({})
  useEffect(() => {
    const found = ticketOf(hash)
    if (found) setAsked(found)
  }, [hash])
  const account = me.value
  if (account) return <AlreadyIn name={account.displayName} fault={fault?.message} />
  if (asked)
    return (
      <SecondStep
        asked={asked}
        onBack={(problem) => {
          setFault(problem)
          setAsked(null)
        }}
      />
    )
  const pass = (error: unknown) => {
    const problem = asProblem(error)
    const next = problem.is(identity.secondFactorNeeded) ? ticketOf(problem.members) : null
    if (!next) throw error
    setAsked(next)
  }
  return <FirstStep typed={typed.current} fault={fault} tell={setFault} pass={pass} />
}

interface FirstStepProps {
  /** The name that was typed stays while the second step is shown. */
  typed: { login?: string }
  fault: ProblemError | null
  tell(problem: ProblemError | null): void
  /** Goes on to the second step where an error asks for it; throws it otherwise. */
  pass(error: unknown): void
}

function FirstStep({ typed, fault, tell, pass }: FirstStepProps) {
  const t = useTexts(loginTexts)
  const { registration } = useSite()
  useTitle(t('title'))
  return (
    <div class="login">
      <h1>{t('title')}</h1>
      <p class="page-lead">{t('lead')}</p>
      <div class="card">
        <div role="alert">{fault && <Notice tone="bad">{fault.message}</Notice>}</div>
        <Form
          initial={typed}
          onChange={({ login }) => Object.assign(typed, { login })}
          fields={[
            {
              name: 'login',
              label: t('login'),
              autocomplete: hasPasskeys ? 'username webauthn' : 'username',
              maxLength: 254,
            },
            { name: 'password', label: t('password'), type: 'password', autocomplete: 'current-password' },
          ]}
          submit={t('submit')}
          onSubmit={async ({ login, password }) => {
            tell(null)
            try {
              arrive(await call(identity.login, { body: { login: login.trim(), password } }))
            } catch (error) {
              pass(error)
            }
          }}
        />
        <p class="login-forgot">
          <a href="/forgot">{t('forgot')}</a>
        </p>
        <OtherWays tell={tell} pass={pass} />
      </div>
      <p class="login-other">
        {registration === 'open' ? (
          <>
            {t('newHere')} <a href={withNext('/register')}>{t('open')}</a>
          </>
        ) : (
          t(registration === 'invitation' ? 'invited' : 'closed')
        )}
      </p>
    </div>
  )
}

function OtherWays({ tell, pass }: Pick<FirstStepProps, 'tell' | 'pass'>) {
  const t = useTexts(loginTexts)
  const providers = useProviders()
  const [isBusy, setBusy] = useState(false)
  const [isCalledOff, setCalledOff] = useState(false)
  const tellOrPass = (error: unknown) => {
    try {
      pass(error)
    } catch {
      tell(asProblem(error))
    }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once a page
  useEffect(() => {
    const isRefusedPasskey = (error: unknown) => asProblem(error).is(identity.badPasskey)
    offerPasskeys().then(
      (tokens) => tokens && arrive(tokens),
      // Nobody asked for the offer: only what follows from picking a passkey is told.
      (error) => isRefusedPasskey(error) && tellOrPass(error),
    )
    return stopOffering
  }, [])
  const ask = async () => {
    setBusy(true)
    setCalledOff(false)
    tell(null)
    try {
      arrive(await signInByPasskey())
    } catch (error) {
      if (isCancelled(error)) setCalledOff(true)
      else tellOrPass(error)
    } finally {
      setBusy(false)
    }
  }
  if (!hasPasskeys && providers.length === 0) return null
  return (
    <div class="login-ways">
      <p class="login-or">{t('or')}</p>
      {hasPasskeys && (
        <Button icon="key" isBusy={isBusy} onClick={() => void ask()}>
          {t('passkey')}
        </Button>
      )}
      <div role="alert">{isCalledOff && <Notice>{t('cancelled')}</Notice>}</div>
      <ProviderButtons />
    </div>
  )
}
