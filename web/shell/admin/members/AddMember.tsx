import { useState } from 'preact/hooks'
import { admin } from '#contract'
import { call } from '../../../sdk/call.ts'
import { navigate } from '../../../sdk/location.ts'
import { invalidate, useQuery } from '../../../sdk/query.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { toast } from '../../../sdk/toast.ts'
import { withConfirm } from '../../../sdk/with-confirm.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { Form } from '../../../ui/form.tsx'
import { RoleChoice } from './RoleChoice.tsx'
import { memberTexts } from './texts.ts'

interface AddMemberProps {
  roles: readonly admin.RoleView[]
  onClose(): void
}

/** Opens an account for somebody, who chooses the password by a mailed link. */
export function AddMember({ roles, onClose }: AddMemberProps) {
  const t = useTexts(memberTexts)
  const permissions = useQuery(admin.listRoles).data?.permissions ?? []
  const [chosen, setChosen] = useState<string[]>(['member'])
  return (
    <Dialog title={t('add')} isOpen onClose={onClose}>
      <p class="card-lead">{t('addLead')}</p>
      <Form
        fields={[
          { name: 'email', label: t('email'), type: 'email', autocomplete: 'off' },
          {
            name: 'username',
            label: t('username'),
            hint: t('usernameHint'),
            autocomplete: 'off',
            maxLength: 30,
          },
          { name: 'displayName', label: t('displayName'), isOptional: true, maxLength: 60 },
        ]}
        submit={t('addAction')}
        onSubmit={async ({ email, username, displayName }) => {
          const body = { email, username, roles: chosen, ...(displayName.trim() && { displayName }) }
          const account = await withConfirm(() => call(admin.addAccount, { body }))
          toast(t('added', { name: account.displayName }))
          invalidate(admin.listAccounts)
          navigate(`/admin/members/${account.id}`)
        }}
      >
        <div>
          <p class="field-name">{t('roles')}</p>
          <RoleChoice roles={roles} permissions={permissions} chosen={chosen} onChange={setChosen} />
        </div>
      </Form>
    </Dialog>
  )
}
