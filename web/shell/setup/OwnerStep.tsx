import { identity } from '#contract'
import { call } from '../../sdk/call.ts'
import { setMe } from '../../sdk/session.ts'
import { reloadSite } from '../../sdk/site.ts'
import { useTexts } from '../../sdk/texts.ts'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { setUpTexts } from './texts.ts'

/** The first account, by the one-time link. */
export function OwnerStep({ token, onDone }: { token: string; onDone(): void }) {
  const t = useTexts(setUpTexts)
  return (
    <>
      <PageHeader title={t('ownerTitle')} lead={t('ownerLead')} />
      <Form
        fields={[
          {
            name: 'username',
            label: t('username'),
            hint: t('usernameHint'),
            autocomplete: 'username',
            maxLength: 30,
          },
          { name: 'email', label: t('email'), type: 'email', autocomplete: 'email' },
          {
            name: 'password',
            label: t('password'),
            hint: t('passwordHint'),
            type: 'password',
            autocomplete: 'new-password',
          },
        ]}
        submit={t('ownerSubmit')}
        onSubmit={async ({ username, email, password }) => {
          const body = { token, username: username.trim(), email: email.trim(), password }
          const { account } = await call(identity.setUp, { body })
          onDone()
          setMe(account)
          await reloadSite().catch(() => undefined)
        }}
      />
    </>
  )
}
