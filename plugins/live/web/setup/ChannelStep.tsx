import { useState } from 'preact/hooks'
import { createChannel, myChannels } from '#plugins/live'
import { Button, call, Form, invalidate, PageHeader, useTexts } from '#web'
import { useChannelFields } from '../go-live/channel-fields.ts'
import { goLiveTexts } from '../go-live/texts.ts'
import { setUpTexts } from './texts.ts'

/** First run: one channel by its name; the address follows from it unless it is written by hand. */
export default function ChannelStep({ onDone, onSkip }: { onDone(): void; onSkip(): void }) {
  const t = useTexts(setUpTexts)
  const ofDesk = useTexts(goLiveTexts)
  const [typed, setTyped] = useState({ title: '', slug: '' })
  const { slug, fields } = useChannelFields(typed)
  return (
    <>
      <PageHeader title={t('channelTitle')} lead={t('channelLead')} />
      <Form
        onChange={setTyped}
        fields={fields}
        submit={ofDesk('make')}
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
