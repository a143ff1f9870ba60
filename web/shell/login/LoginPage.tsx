import { useRef, useState } from 'preact/hooks'
import { identity } from '#contract'
import { call } from '../../sdk/call.ts'
import { navigate, query, safeNext } from '../../sdk/location.ts'
import { me, setMe, signIn } from '../../sdk/session.ts'
import { useSite } from '../../sdk/site.ts'
import { type Translate, useTexts } from '../../sdk/texts.ts'
import { useTitle } from '../../sdk/title.ts'
import { toast } from '../../sdk/toast.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { loginTexts } from './texts.ts'
import './login.css'

type T = Translate<(typeof loginTexts)['en']>

function arrive(t: T): void {
  const account = me.peek()
  if (account) toast(t('welcome', { name: account.displayName }))
  navigate(safeNext(query.peek().get('next')), { replace: true })
}

interface FormProps {
  t: T
  /** What was typed, kept while the other tab is shown. */
  kept: Record<string, string>
}

function SignInForm({ t, kept }: FormProps) {
  return (
    <Form
      initial={kept}
      onChange={(values) => Object.assign(kept, values)}
      fields={[
        { name: 'login', label: t('login'), autocomplete: 'username' },
        { name: 'password', label: t('password'), type: 'password', autocomplete: 'current-password' },
      ]}
      submit={t('submit')}
      onSubmit={async ({ login, password }) => {
        await signIn(login.trim(), password)
        arrive(t)
      }}
    />
  )
}

function RegisterForm({ t, kept }: FormProps) {
  return (
    <Form
      initial={kept}
      onChange={(values) => Object.assign(kept, values)}
      fields={[
        {
          name: 'username',
          label: t('username'),
          hint: t('usernameHint'),
          autocomplete: 'username',
          maxLength: 30,
        },
        {
          name: 'displayName',
          label: t('displayName'),
          hint: t('displayNameHint'),
          autocomplete: 'nickname',
          maxLength: 60,
          isOptional: true,
        },
        { name: 'email', label: t('email'), hint: t('emailHint'), type: 'email', autocomplete: 'email' },
        {
          name: 'password',
          label: t('password'),
          hint: t('passwordHint'),
          type: 'password',
          autocomplete: 'new-password',
        },
      ]}
      submit={t('registerSubmit')}
      onSubmit={async ({ username, displayName, email, password }) => {
        const shown = displayName.trim()
        const body = {
          username: username.trim(),
          email: email.trim(),
          password,
          ...(shown && { displayName: shown }),
        }
        setMe((await call(identity.register, { body })).account)
        arrive(t)
      }}
    />
  )
}

/** Sign in, or open an account; then back to where the visitor came from. */
export default function LoginPage() {
  const t = useTexts(loginTexts)
  const { title, registration } = useSite()
  const [isNew, setNew] = useState(false)
  const kept = useRef<Record<string, string>>({})
  useTitle(t('title'))
  const account = me.value
  if (account) {
    return (
      <div class="login">
        <h1>{t('already', { name: account.displayName })}</h1>
        <p class="page-lead">{t('alreadyText')}</p>
        <ButtonLink look="main" href={safeNext(query.value.get('next'))}>
          {t('goOn')}
        </ButtonLink>
      </div>
    )
  }
  const newHere =
    registration === 'open' ? <RegisterForm t={t} kept={kept.current} /> : <Notice>{t('closed')}</Notice>
  return (
    <div class="login">
      <h1>{t(isNew ? 'registerTitle' : 'title')}</h1>
      <p class="page-lead">{isNew ? t('registerLead', { label: title }) : t('lead')}</p>
      <div class="card">
        <Tabs
          label={t('tabs')}
          onTab={(id) => setNew(id === 'register')}
          items={[
            { id: 'sign-in', label: t('signInTab'), content: <SignInForm t={t} kept={kept.current} /> },
            { id: 'register', label: t('registerTab'), content: newHere },
          ]}
        />
      </div>
    </div>
  )
}
