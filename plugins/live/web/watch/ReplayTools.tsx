import { useState } from 'preact/hooks'
import { asProblem, Button, call, confirm, Form, invalidate, navigate, toast, useTexts } from '#web'
import { listReplays, type Replay, recentReplays, removeReplay, updateReplay } from '../../contract.ts'
import { liveTexts } from '../texts.ts'

/** For whom the recording belongs to: another title, or away with it. */
export function ReplayTools({ replay, onChanged }: { replay: Replay; onChanged(replay: Replay): void }) {
  const t = useTexts(liveTexts)
  const [isOpen, setOpen] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const { id, channel } = replay
  const remove = async () => {
    const question = { title: t('removeTitle'), text: t('removeText'), action: t('removeAction') }
    if (!(await confirm(question))) return
    setBusy(true)
    try {
      await call(removeReplay, { params: { id } })
      invalidate(listReplays)
      invalidate(recentReplays)
      toast(t('removed'))
      navigate(`/live/${channel.slug}`, { replace: true })
    } catch (error) {
      setBusy(false)
      toast(asProblem(error).message, { tone: 'bad' })
    }
  }
  if (!replay.can.edit && !replay.can.remove) return null
  if (isOpen) {
    return (
      <div class="watch-form">
        <Form
          fields={[{ name: 'title', label: t('title'), maxLength: 120 }]}
          initial={{ title: replay.title }}
          submit={t('save')}
          onSubmit={async ({ title }) => {
            onChanged(await call(updateReplay, { params: { id }, body: { title } }))
            invalidate(listReplays)
            setOpen(false)
          }}
          actions={
            <Button look="plain" onClick={() => setOpen(false)}>
              {t('cancel')}
            </Button>
          }
        />
      </div>
    )
  }
  return (
    <div class="row">
      {replay.can.edit && (
        <Button icon="edit" onClick={() => setOpen(true)}>
          {t('rename')}
        </Button>
      )}
      {replay.can.remove && (
        <Button look="danger" icon="trash" isBusy={isBusy} onClick={() => void remove()}>
          {t('remove')}
        </Button>
      )}
    </div>
  )
}
