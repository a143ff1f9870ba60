import { useState } from 'preact/hooks'
import { identity } from '#contract'
import { call } from '../../../sdk/call.ts'
import { useQuery } from '../../../sdk/query.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { withConfirm } from '../../../sdk/with-confirm.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Form } from '../../../ui/form.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { emailField } from '../../login/name-fields.ts'
import { nameTexts } from '../../login/name-texts.ts'
import { ResendButton } from '../../login/ResendButton.tsx'
import { accountTexts } from '../texts.ts'
import { generalTexts } from './texts.ts'

/** The address, whether it is confirmed, and its change by a mailed link. */
export function EmailCard({ account }: { account: identity.Me }) {
  const t = useTexts(generalTexts)
  const [isOpen, setOpen] = useState(false)
  const [sentTo, setSentTo] = useState<string | null>(null)
  const { email, isEmailVerified } = account
  return (
    <Card title={t('emailTitle')}>
      <div class="form">
        <p class="row">
          <span>{email}</span>
          <Badge tone={isEmailVerified ? 'ok' : 'warn'}>
            {t(isEmailVerified ? 'confirmed' : 'notConfirmed')}
          </Badge>
        </p>
        <div role="status">{sentTo && <Notice tone="ok">{t('emailDone', { email: sentTo })}</Notice>}</div>
        {isOpen ? (
          <EmailForm
            email={email}
            onDone={(next) => {
              setSentTo(next)
              setOpen(false)
            }}
            onCancel={() => setOpen(false)}
          />
        ) : (
          <div class="row">
            <Button onClick={() => setOpen(true)}>{t('emailSubmit')}</Button>
            {!isEmailVerified && <ResendButton email={email} />}
          </div>
        )}
      </div>
    </Card>
  )
}

interface EmailFormProps {
  email: string
  onDone(email: string): void
  onCancel(): void
}

function EmailForm({ email, onDone, onCancel }: EmailFormProps) {
  const t = useTexts(generalTexts)
  const names = useTexts(nameTexts)
  const words = useTexts(accountTexts)
  const hasPassword = useQuery(identity.getFactors).data?.hasPassword ?? true
  const address = emailField(names, t('newEmail'))
  const check = (value: string) =>
    value.trim().toLowerCase() === email.toLowerCase() ? t('emailSame') : address.check?.(value)
  const password = {
    name: 'password',
    label: t('currentPassword'),
    type: 'password',
    autocomplete: 'current-password',
  } as const
  return (
    <Form<'email' | 'password'>
      fields={[{ ...address, hint: t('newEmailHint'), check }, ...(hasPassword ? [password] : [])]}
      submit={t('emailSubmit')}
      actions={<Button onClick={onCancel}>{words('cancel')}</Button>}
      onSubmit={async (values) => {
        const next = values.email.trim()
        const body = { email: next, ...(hasPassword && { password: values.password }) }
        await withConfirm(() => call(identity.changeEmail, { body }))
        onDone(next)
      }}
    />
  )
}
