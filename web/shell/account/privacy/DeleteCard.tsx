import { useState } from 'preact/hooks'
import { identity } from '#contract'
import { call } from '../../../sdk/call.ts'
import { formatDate } from '../../../sdk/format.ts'
import { useQuery } from '../../../sdk/query.ts'
import { leaveTo, me } from '../../../sdk/session.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { toast } from '../../../sdk/toast.ts'
import { withConfirm } from '../../../sdk/with-confirm.ts'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Form } from '../../../ui/form.tsx'
import { accountTexts } from '../texts.ts'
import { privacyTexts } from './texts.ts'

/** The end of the account, confirmed by its name. */
export function DeleteCard() {
  const t = useTexts(privacyTexts)
  const [isOpen, setOpen] = useState(false)
  return (
    <Card title={t('deleteTitle')} lead={t('deleteLead')}>
      <Button look="danger" icon="trash" onClick={() => setOpen(true)}>
        {t('deleteOpen')}
      </Button>
      <Dialog title={t('deleteDialog')} isOpen={isOpen} onClose={() => setOpen(false)}>
        <DeleteForm onCancel={() => setOpen(false)} />
      </Dialog>
    </Card>
  )
}

function DeleteForm({ onCancel }: { onCancel(): void }) {
  const t = useTexts(privacyTexts)
  const words = useTexts(accountTexts)
  const hasPassword = useQuery(identity.getFactors).data?.hasPassword ?? true
  const username = me.value?.username ?? ''
  const leave = async (values: Record<'username' | 'password', string>) => {
    const body = { username: values.username.trim(), ...(hasPassword && { password: values.password }) }
    const { deletedAt } = await withConfirm(() => call(identity.deleteAccount, { body }))
    await leaveTo('/')
    toast(t('deleted', { date: formatDate(deletedAt, 'date') }))
  }
  const name = {
    name: 'username',
    label: t('typeUsername', { name: username }),
    autocomplete: 'off',
    check: (value: string) => (value.trim() === username ? undefined : t('notTheName')),
  } as const
  const password = {
    name: 'password',
    label: t('password'),
    type: 'password',
    autocomplete: 'current-password',
  } as const
  return (
    <div class="form">
      <p>{t('deleteText')}</p>
      <Form<'username' | 'password'>
        fields={hasPassword ? [name, password] : [name]}
        submit={t('deleteOpen')}
        isDanger
        actions={<Button onClick={onCancel}>{words('cancel')}</Button>}
        onSubmit={leave}
      />
    </div>
  )
}
