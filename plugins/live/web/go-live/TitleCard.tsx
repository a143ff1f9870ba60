import { Card, call, Form, invalidate, toast, useTexts } from '#web'
import { type ChannelView, listChannels, myChannels, updateChannel } from '../../contract.ts'
import { goLiveTexts } from './texts.ts'

/** Title and description; changed while live, viewers see it at once. */
export function TitleCard({
  channel,
  onSaved,
}: {
  channel: ChannelView
  onSaved(channel: ChannelView): void
}) {
  const t = useTexts(goLiveTexts)
  const { slug, title, description } = channel
  return (
    <Card title={t('titleCard')}>
      <Form
        fields={[
          { name: 'title', label: t('streamTitle'), maxLength: 120 },
          {
            name: 'description',
            label: t('streamAbout'),
            type: 'textarea',
            maxLength: 2000,
            isOptional: true,
          },
        ]}
        initial={{ title, description }}
        submit={t('save')}
        onSubmit={async (values) => {
          onSaved(await call(updateChannel, { params: { slug }, body: values }))
          invalidate(myChannels)
          invalidate(listChannels)
          toast(t('saved'))
        }}
      />
    </Card>
  )
}
