import './replay.css'
import { Button, call, Form, toast, useTexts } from '#web'
import { type Access, type Replay, updateReplay } from '../../contract.ts'
import { useAccessChoices } from '../access/AccessCard.tsx'
import { replayTexts } from './texts.ts'

interface AccessProps {
  replay: Replay
  onSaved(replay: Replay): void
  onClose(): void
}

/** Who may watch a recording: as its channel says, or by a rule of its own. */
export function AccessEditor({ replay, onSaved, onClose }: AccessProps) {
  const t = useTexts(replayTexts)
  const choices = useAccessChoices()
  return (
    <div class="replay-editor">
      <p class="muted">{t('accessLead')}</p>
      <Form
        fields={[
          {
            name: 'access',
            label: t('access'),
            type: 'select',
            options: [{ value: '', label: t('asChannel') }, ...choices],
            isOptional: true,
          },
        ]}
        initial={{ access: replay.hasOwnAccess ? replay.access : '' }}
        submit={t('saveAccess')}
        onSubmit={async ({ access }) => {
          const body = { access: (access || null) as Access | null }
          onSaved(await call(updateReplay, { params: { id: replay.id }, body }))
          toast(t('accessSaved'))
          onClose()
        }}
        actions={
          <Button look="plain" onClick={onClose}>
            {t('close')}
          </Button>
        }
      />
    </div>
  )
}
