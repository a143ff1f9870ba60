import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { admin, identity, type z } from '#contract'
import { call } from '../../sdk/call.ts'
import { asProblem, type ProblemError } from '../../sdk/problem-error.ts'
import { me } from '../../sdk/session.ts'
import { useSite } from '../../sdk/site.ts'
import { useTexts } from '../../sdk/texts.ts'
import { useTitle } from '../../sdk/title.ts'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { roleTitle } from '../admin/roles/words.ts'
import { AlreadyIn } from './AlreadyIn.tsx'
import { arrive, withNext } from './arrive.ts'
import { useHash } from './hash.ts'
import { NewcomerForm } from './NewcomerForm.tsx'
import { displayNameField, emailField, toUsername, usernameField } from './name-fields.ts'
import { nameTexts } from './name-texts.ts'
import { ProviderButtons, useProviders } from './Providers.tsx'
import { newPasswordField } from './password-field.tsx'
import { passwordTexts } from './password-texts.ts'
import { registerTexts } from './register-texts.ts'
import { useTerms } from './terms.tsx'
import { loginTexts } from './texts.ts'
import './login.css'

type Invitation = z.infer<NonNullable<(typeof admin.lookAtInvitation)['result']>>

/** Open an account: freely, by an invitation link, or after coming from another account. */
export default function RegisterPage() {
  const t = useTexts(registerTexts)
  const { title } = useSite()
  const { external, invitation } = useHash()
  useTitle(t('title'))
  const account = me.value
  if (account) return <AlreadyIn name={account.displayName} />
  return (
    <div class="login">
      <h1>{t('title')}</h1>
      {external ? (
        <NewcomerForm ticket={external} />
      ) : invitation ? (
        <Invited token={invitation} />
      ) : (
        <Open>
          <p class="page-lead">{t('lead', { label: title })}</p>
        </Open>
      )}
      <p class="login-other">
        {t('member')} <a href={withNext('/login')}>{t('signIn')}</a>
      </p>
    </div>
  )
}

/** The form, where the label takes people without an invitation. */
function Open({ children }: { children?: ComponentChildren }) {
  const t = useTexts(registerTexts)
  const { registration } = useSite()
  if (registration !== 'open')
    return <Notice>{t(registration === 'closed' ? 'closed' : 'byInvitation')}</Notice>
  return (
    <>
      {children}
      <RegisterForm />
    </>
  )
}

function Invited({ token }: { token: string }) {
  const t = useTexts(registerTexts)
  const { title: label } = useSite()
  const [found, setFound] = useState<Invitation | null>(null)
  const [error, setError] = useState<ProblemError | null>(null)
  const [tries, setTries] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try looks again
  useEffect(() => {
    setError(null)
    call(admin.lookAtInvitation, { body: { token } }).then(setFound, (thrown) => setError(asProblem(thrown)))
  }, [token, tries])
  if (error) return <ErrorState error={error} retry={() => setTries(tries + 1)} />
  if (!found) return <Skeleton lines={4} />
  if (!found.isGood)
    return (
      <>
        <Notice tone="warn">{t('badInvitation')}</Notice>
        <Open />
      </>
    )
  const { invitedBy, role } = found
  return (
    <>
      <p class="page-lead">
        {invitedBy ? t('invitedBy', { name: invitedBy, label }) : t('invited', { label })}{' '}
        {role && role !== 'member' && t('asRole', { role: roleTitle(role) })}
      </p>
      <RegisterForm invitation={token} />
    </>
  )
}

function RegisterForm({ invitation }: { invitation?: string }) {
  const t = useTexts(registerTexts)
  const names = useTexts(nameTexts)
  const words = useTexts(passwordTexts)
  const terms = useTerms()
  return (
    <div class="card">
      <Form
        fields={[
          usernameField(names),
          displayNameField(names),
          { ...emailField(names), hint: names('emailHint') },
          newPasswordField<'password'>({
            name: 'password',
            t: words,
            about: ({ username, displayName, email }) => [username, displayName, email],
          }),
        ]}
        submit={t('submit')}
        onSubmit={async ({ username, displayName, email, password }) => {
          const shown = displayName.trim()
          const body = {
            username: toUsername(username),
            email: email.trim(),
            password,
            ...(shown && { displayName: shown }),
            ...(invitation && { invitation }),
            ...terms.take(),
          }
          arrive(await call(identity.register, { body }))
        }}
      >
        {terms.box}
      </Form>
      <ByProvider invitation={invitation} />
    </div>
  )
}

function ByProvider({ invitation }: { invitation?: string | undefined }) {
  const t = useTexts(loginTexts)
  if (useProviders().length === 0) return null
  return (
    <div class="login-ways">
      <p class="login-or">{t('or')}</p>
      <ProviderButtons invitation={invitation} />
    </div>
  )
}
