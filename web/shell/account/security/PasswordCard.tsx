import { useState } from 'preact/hooks'
import { identity } from '#contract'
import { call } from '../../../sdk/call.ts'
import { invalidate } from '../../../sdk/query.ts'
import { me } from '../../../sdk/session.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { toast } from '../../../sdk/toast.ts'
import { withConfirm } from '../../../sdk/with-confirm.ts'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Form, type FormField } from '../../../ui/form.tsx'
import { newPasswordField } from '../../login/password-field.tsx'
import { passwordTexts } from '../../login/password-texts.ts'
import { accountTexts } from '../texts.ts'
import { securityTexts } from './texts.ts'

interface PasswordCardProps {
  hasPassword: boolean
  onChange(): void
}

/** Changes the password, or sets a first one. */
export function PasswordCard({ hasPassword, onChange }: PasswordCardProps) {
  const t = useTexts(securityTexts)
  const [isOpen, setOpen] = useState(false)
  return (
    <Card title={t('passwordTitle')} lead={t(hasPassword ? 'passwordLead' : 'noPassword')}>
      {isOpen ? (
        <PasswordForm
          hasPassword={hasPassword}
          onCancel={() => setOpen(false)}
          onDone={() => {
            setOpen(false)
            onChange()
          }}
        />
      ) : (
        <Button onClick={() => setOpen(true)}>{t(hasPassword ? 'change' : 'set')}</Button>
      )}
    </Card>
  )
}

interface PasswordFormProps {
  hasPassword: boolean
  onDone(): void
  onCancel(): void
}

function PasswordForm({ hasPassword, onDone, onCancel }: PasswordFormProps) {
  const t = useTexts(securityTexts)
  const words = useTexts(passwordTexts)
  const general = useTexts(accountTexts)
  const about = () => [me.peek()?.username, me.peek()?.displayName, me.peek()?.email]
  const current: FormField<'currentPassword'> = {
    name: 'currentPassword',
    label: t('current'),
    type: 'password',
    autocomplete: 'current-password',
  }
  const next = newPasswordField<'newPassword'>({
    name: 'newPassword',
    t: words,
    label: words('newPassword'),
    about,
  })
  return (
    <Form<'currentPassword' | 'newPassword'>
      fields={hasPassword ? [current, next] : [next]}
      submit={t(hasPassword ? 'change' : 'set')}
      actions={<Button onClick={onCancel}>{general('cancel')}</Button>}
      onSubmit={async ({ currentPassword, newPassword }) => {
        const body = { newPassword, ...(hasPassword && { currentPassword }) }
        await withConfirm(() => call(identity.changePassword, { body }))
        invalidate(identity.listSessions)
        toast(t(hasPassword ? 'changed' : 'isSet'))
        onDone()
      }}
    />
  )
}
