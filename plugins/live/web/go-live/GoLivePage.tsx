import '../live.css'
import '../watch/watch.css'
import './go-live.css'
import { useState } from 'preact/hooks'
import { Button, Field, navigate, PageHeader, Skeleton, useTexts, useTitle } from '#web'
import { deskAddress } from './address.ts'
import { Desk } from './Desk.tsx'
import { NewChannel } from './NewChannel.tsx'
import { isOnAir, type Own, OwnChannel } from './OwnChannel.tsx'
import { goLiveTexts } from './texts.ts'

/** `/go-live`: a channel, what goes into the encoder, and how it arrives. */
export default function GoLivePage() {
  const t = useTexts(goLiveTexts)
  useTitle(t('title'))
  return (
    <OwnChannel skeleton={<Loading />} address={deskAddress} none={<First />}>
      {(own) => <Chosen {...own} />}
    </OwnChannel>
  )
}

function Loading() {
  return (
    <div class="watch-wait">
      <Skeleton lines={2} />
      <Skeleton shape="block" count={2} />
    </div>
  )
}

const open = (slug: string) => navigate(deskAddress(slug), { replace: true })

function First() {
  const t = useTexts(goLiveTexts)
  return (
    <>
      <PageHeader title={t('firstTitle')} lead={t('firstText')} />
      <div class="golive-form">
        <NewChannel onMade={({ slug }) => open(slug)} />
      </div>
    </>
  )
}

function Chosen({ channel, channels, ingest }: Own) {
  const t = useTexts(goLiveTexts)
  const [isMaking, setMaking] = useState(false)
  if (isMaking) {
    return (
      <>
        <PageHeader title={t('newChannel')} lead={t('firstText')} />
        <div class="golive-form">
          <NewChannel
            onCancel={() => setMaking(false)}
            onMade={({ slug }) => {
              setMaking(false)
              open(slug)
            }}
          />
        </div>
      </>
    )
  }
  const choose = (
    <div class="golive-choose">
      {channels.length > 1 && (
        <Field
          name="channel"
          type="select"
          label={t('channel')}
          value={channel.slug}
          onValue={open}
          options={channels.map(({ slug, title }) => ({ value: slug, label: title }))}
        />
      )}
      {!isOnAir(channel) && (
        <Button icon="plus" onClick={() => setMaking(true)}>
          {t('newChannel')}
        </Button>
      )}
    </div>
  )
  return <Desk key={channel.slug} slug={channel.slug} ingest={ingest} choose={choose} />
}
