import { identity } from '#contract'
import { call } from '../../sdk/call.ts'
import { navigate } from '../../sdk/location.ts'
import { setMe } from '../../sdk/session.ts'
import { useTexts } from '../../sdk/texts.ts'
import { useTitle } from '../../sdk/title.ts'
import { toast } from '../../sdk/toast.ts'
import { Form } from '../../ui/form.tsx'
import { useHash } from './hash.ts'
import { NoLink } from './NoLink.tsx'
import { newPasswordField } from './password-field.tsx'
import { passwordTexts } from './password-texts.ts'
import { recoveryTexts } from './recovery-texts.ts'
import './login.css'

/** Set a new password by the mailed link. */
export default function ResetPage() {
  const t = useTexts(recoveryTexts)
  const words = useTexts(passwordTexts)
  const { token } = useHash()
  useTitle(t('resetTitle'))
  if (!token) return <NoLink title={t('resetTitle')} />
  return (
    <div class="login">
      <h1>{t('resetTitle')}</h1>
      <p class="page-lead">{t('resetLead')}</p>
      <div class="card">
        <Form
          fields={[newPasswordField({ name: 'password', t: words, label: words('newPassword') })]}
          submit={t('resetSubmit')}
          onSubmit={async ({ password }) => {
            await call(identity.reset, { body: { token, password } })
            // Every session has ended, also one of this browser.
            setMe(null)
            navigate('/login', { replace: true })
            toast(t('resetDone'))
          }}
        />
      </div>
      <p class="login-other">
        <a href="/forgot">{t('newLink')}</a>
      </p>
    </div>
  )
}
