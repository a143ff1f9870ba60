import { useState } from 'preact/hooks'
import { Button, call, Form, invalidate, toast, useSite, useTexts } from '#web'
import { type ChannelView, createChannel, listChannels, myChannels } from '../../contract.ts'
import { slugOf } from '../setup/slug.ts'
import { goLiveTexts } from './texts.ts'

/** A channel by its name; the address follows from it unless it is written by hand. */
export function NewChannel({ onMade, onCancel }: { onMade(made: ChannelView): void; onCancel?: () => void }) {
  const t = useTexts(goLiveTexts)
  const { url } = useSite()
  const [typed, setTyped] = useState({ title: '', slug: '', description: '' })
  const slug = typed.slug.trim() || slugOf(typed.title)
  return (
    <Form
      onChange={setTyped}
      fields={[
        { name: 'title', label: t('name'), placeholder: t('namePlaceholder'), maxLength: 120 },
        {
          name: 'slug',
          label: t('slug'),
          hint: t('slugHint', { url: `${url}/live/${slug || '…'}` }),
          placeholder: slugOf(typed.title),
          maxLength: 40,
          isOptional: true,
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
      onSubmit={async ({ title, description }) => {
        const made = await call(createChannel, { body: { title: title.trim(), slug, description } })
        invalidate(myChannels)
        invalidate(listChannels)
        toast(t('channelMade'))
        onMade(made)
      }}
    />
  )
}
