import { admin } from '#contract'
import { call } from '../../../sdk/call.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { toast } from '../../../sdk/toast.ts'
import { withConfirm } from '../../../sdk/with-confirm.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { Form } from '../../../ui/form.tsx'
import { roleTexts } from './texts.ts'

/** Makes a role without permissions; they are ticked in the matrix. */
export function MakeRole({ onMade, onClose }: { onMade(): void; onClose(): void }) {
  const t = useTexts(roleTexts)
  return (
    <Dialog title={t('make')} isOpen onClose={onClose}>
      <p class="card-lead">{t('makeHint')}</p>
      <Form
        fields={[
          { name: 'title', label: t('roleTitle'), hint: t('titleHint'), maxLength: 60 },
          { name: 'name', label: t('name'), hint: t('nameHint'), maxLength: 30, autocomplete: 'off' },
        ]}
        submit={t('make')}
        onSubmit={async ({ name, title }) => {
          const body = { name, title, permissions: [], needsSecondFactor: false }
          await withConfirm(() => call(admin.createRole, { body }))
          toast(t('made', { role: title }))
          onMade()
          onClose()
        }}
      />
    </Dialog>
  )
}
