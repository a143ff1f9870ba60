import { useState } from 'preact/hooks'
import { Button, call, Form, invalidate, toast, useTexts } from '#web'
import { type Access, type ChannelView, createChannel, listChannels, myChannels } from '../../contract.ts'
import { useAccessChoices } from '../access/AccessCard.tsx'
import { accessTexts } from '../access/texts.ts'
import { useChannelFields } from './channel-fields.ts'
import { goLiveTexts } from './texts.ts'

const blank = { title: '', slug: '', description: '', access: 'public' }

/** A channel by its name; the address follows from it unless it is written by hand. Closed ones are closed from the start. */
export function NewChannel({ onMade, onCancel }: { onMade(made: ChannelView): void; onCancel?: () => void }) {
  const t = useTexts(goLiveTexts)
  const who = useTexts(accessTexts)
  const choices = useAccessChoices()
  const [typed, setTyped] = useState(blank)
  const { slug, fields } = useChannelFields(typed)
  return (
    <Form
      initial={blank}
      onChange={setTyped}
      fields={[
        ...fields,
        {
          name: 'access',
          type: 'select',
          label: who('access'),
          hint: who(`${typed.access as Access}Hint`),
          options: choices,
        },
        { name: 'description', label: t('about'), type: 'textarea', maxLength: 2000, isOptional: true },
      ]}
      submit={t('make')}
      actions={
        onCancel && (
          <Button look="plain" onClick={onCancel}>
            {t('cancel')}
          </Button>
        )
      }
      onSubmit={async ({ title, description, access }) => {
        const body = { title: title.trim(), slug, description, access: access as Access }
        const made = await call(createChannel, { body })
        invalidate(myChannels)
        invalidate(listChannels)
        toast(t('channelMade'))
        onMade(made)
      }}
    />
  )
}
