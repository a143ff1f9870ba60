import { useState } from 'preact/hooks'
import { question } from '../sdk/confirm.ts'
import { useTexts } from '../sdk/texts.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { uiTexts } from '../ui/texts.ts'

function Question({ asked }: { asked: NonNullable<typeof question.value> }) {
  const t = useTexts(uiTexts)
  const [typed, setTyped] = useState('')
  const isReady = asked.name === undefined || typed.trim() === asked.name.trim()
  return (
    <Dialog title={asked.title} isOpen onClose={() => asked.answer(false)}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady) asked.answer(true)
        }}
      >
        <p>{asked.text}</p>
        {asked.name !== undefined && (
          <Field
            name="name"
            label={t('typeName', { name: asked.name })}
            value={typed}
            onValue={setTyped}
            autocomplete="off"
          />
        )}
        <div class="row dialog-actions">
          <Button onClick={() => asked.answer(false)}>{t('cancel')}</Button>
          <Button look="danger" type="submit" disabled={!isReady}>
            {asked.action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** Draws what `confirm` and `confirmByName` ask. */
export function ConfirmDialog() {
  const asked = question.value
  return asked && <Question key={asked.title} asked={asked} />
}
