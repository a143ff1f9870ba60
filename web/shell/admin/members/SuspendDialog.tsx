import { admin } from '#contract'
import { call } from '../../../sdk/call.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { toast } from '../../../sdk/toast.ts'
import { withConfirm } from '../../../sdk/with-confirm.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { Form } from '../../../ui/form.tsx'
import { durationOptions, minutesOf } from '../durations.ts'
import { memberTexts } from './texts.ts'

interface SuspendDialogProps {
  account: admin.AccountDetail
  onChange(account: admin.AccountDetail): void
  onClose(): void
}

/** Asks why and for how long. */
export function SuspendDialog({ account, onChange, onClose }: SuspendDialogProps) {
  const t = useTexts(memberTexts)
  const { id, displayName: name } = account
  return (
    <Dialog title={t('suspendTitle', { name })} isOpen onClose={onClose}>
      <Form
        initial={{ minutes: '1440' }}
        fields={[
          {
            name: 'minutes',
            label: t('howLong'),
            type: 'select',
            options: durationOptions(t('untilLifted')),
          },
          {
            name: 'reason',
            label: t('reason'),
            hint: t('reasonHint'),
            type: 'textarea',
            maxLength: 500,
            isOptional: true,
          },
        ]}
        submit={t('suspend')}
        onSubmit={async ({ minutes, reason }) => {
          const body = { reason, minutes: minutesOf(minutes) }
          onChange(await withConfirm(() => call(admin.suspendAccount, { params: { id }, body })))
          toast(t('suspendedDone', { name }))
          onClose()
        }}
      />
    </Dialog>
  )
}
