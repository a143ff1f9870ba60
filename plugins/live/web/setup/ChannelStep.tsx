import { useState } from 'preact/hooks'
import { createChannel, myChannels } from '#plugins/live'
import { Button, call, Form, invalidate, PageHeader, useSite, useTexts } from '#web'
import { slugOf } from './slug.ts'
import { setUpTexts } from './texts.ts'

/** First run: one channel by its name; the address follows from it unless it is written by hand. */
export default function ChannelStep({ onDone, onSkip }: { onDone(): void; onSkip(): void }) {
  const t = useTexts(setUpTexts)
  const { url } = useSite()
  const [typed, setTyped] = useState({ title: '', slug: '' })
  const slug = typed.slug.trim() || slugOf(typed.title)
  return (
    <>
      <PageHeader title={t('channelTitle')} lead={t('channelLead')} />
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
        ]}
        submit={t('make')}
        actions={
          <Button look="plain" onClick={onSkip}>
            {t('skip')}
          </Button>
        }
        onSubmit={async ({ title }) => {
          await call(createChannel, { body: { title: title.trim(), slug, description: '' } })
          invalidate(myChannels)
          onDone()
        }}
      />
    </>
  )
}
