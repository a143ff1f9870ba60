import { useState } from 'preact/hooks'
import { admin } from '#contract'
import { call } from '../../../sdk/call.ts'
import { me } from '../../../sdk/session.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { withConfirm } from '../../../sdk/with-confirm.ts'
import { Button } from '../../../ui/button.tsx'
import { CopyField } from '../../../ui/copy-field.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Form } from '../../../ui/form.tsx'
import { mayGive } from '../roles/edits.ts'
import { roleTitle } from '../roles/words.ts'
import { invitationTexts } from './texts.ts'

/** Roles that the reader may give: all within their own, or, where the list is not theirs to read, what they have. */
function rolesToGive(roles: readonly admin.RoleView[]): string[] {
  const mine = me.value?.permissions ?? []
  const own = me.value?.roles ?? []
  const known = roles
    .filter((role) => (role.name === 'owner' ? own.includes('owner') : mayGive(role, mine)))
    .map(({ name }) => name)
  return known.length > 0 ? known : [...new Set(['member', ...own])]
}

function Ready({ url, email, onClose }: { url: string; email: string; onClose(): void }) {
  const t = useTexts(invitationTexts)
  return (
    <Dialog title={t('ready')} isOpen onClose={onClose}>
      <CopyField label={t('link')} value={url} hint={t('onlyNow')} />
      {email && <p class="muted small">{t('mailed', { email })}</p>}
      <div class="row dialog-actions">
        <Button look="main" onClick={onClose}>
          {t('done')}
        </Button>
      </div>
    </Dialog>
  )
}

interface InviteDialogProps {
  roles: readonly admin.RoleView[]
  onMade(): void
  onClose(): void
}

/** Asks what the link is good for, then shows it, once. */
export function InviteDialog({ roles, onMade, onClose }: InviteDialogProps) {
  const t = useTexts(invitationTexts)
  const [made, setMade] = useState<{ url: string; email: string } | null>(null)
  if (made) return <Ready {...made} onClose={onClose} />
  const wholeNumber = (value: string) => (/^[1-9]\d*$/.test(value.trim()) ? undefined : t('notANumber'))
  return (
    <Dialog title={t('invite')} isOpen onClose={onClose}>
      <Form
        initial={{ role: 'member', maxUses: '1', days: '14' }}
        fields={[
          {
            name: 'role',
            label: t('role'),
            hint: t('roleHint'),
            type: 'select',
            options: rolesToGive(roles).map((value) => ({ value, label: roleTitle(value, roles) })),
          },
          { name: 'note', label: t('note'), hint: t('noteHint'), maxLength: 200, isOptional: true },
          {
            name: 'maxUses',
            label: t('maxUses'),
            hint: t('maxUsesHint'),
            inputMode: 'numeric',
            check: wholeNumber,
          },
          {
            name: 'days',
            label: t('days'),
            hint: t('daysHint'),
            inputMode: 'numeric',
            isOptional: true,
            check: wholeNumber,
          },
          { name: 'email', label: t('email'), hint: t('emailHint'), type: 'email', isOptional: true },
        ]}
        submit={t('make')}
        onSubmit={async ({ role, note, maxUses, days, email }) => {
          const body = {
            role,
            note,
            maxUses: Number(maxUses),
            expiresInDays: days.trim() ? Number(days) : null,
            ...(email.trim() && { email: email.trim() }),
          }
          const { url } = await withConfirm(() => call(admin.createInvitation, { body }))
          setMade({ url, email: email.trim() })
          onMade()
        }}
      />
    </Dialog>
  )
}
