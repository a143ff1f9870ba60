import { useState } from 'preact/hooks'
import { identity } from '#contract'
import { call } from '../../sdk/call.ts'
import { useTexts } from '../../sdk/texts.ts'
import { useTitle } from '../../sdk/title.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Form } from '../../ui/form.tsx'
import { emailField } from './name-fields.ts'
import { nameTexts } from './name-texts.ts'
import { recoveryTexts } from './recovery-texts.ts'
import './login.css'

/** Ask for a link to set a new password. Says the same whether there is such an account or not. */
export default function ForgotPage() {
  const t = useTexts(recoveryTexts)
  const names = useTexts(nameTexts)
  const [typed, setTyped] = useState('')
  const [sentTo, setSentTo] = useState<string | null>(null)
  useTitle(t(sentTo ? 'sentTitle' : 'forgotTitle'))
  if (sentTo)
    return (
      <div class="login">
        <h1>{t('sentTitle')}</h1>
        <p class="page-lead" role="status">
          {t('sentText', { email: sentTo })}
        </p>
        <div class="row">
          <ButtonLink look="main" href="/login">
            {t('toSignIn')}
          </ButtonLink>
          <Button onClick={() => setSentTo(null)}>{t('otherAddress')}</Button>
        </div>
      </div>
    )
  return (
    <div class="login">
      <h1>{t('forgotTitle')}</h1>
      <p class="page-lead">{t('forgotLead')}</p>
      <div class="card">
        <Form
          initial={{ email: typed }}
          onChange={({ email }) => setTyped(email)}
          fields={[emailField(names)]}
          submit={t('forgotSubmit')}
          onSubmit={async ({ email }) => {
            await call(identity.forgot, { body: { email: email.trim() } })
            setSentTo(email.trim())
          }}
        />
      </div>
      <p class="login-other">
        <a href="/login">{t('toSignIn')}</a>
      </p>
    </div>
  )
}
