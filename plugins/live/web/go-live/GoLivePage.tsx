import '../live.css'
import '../watch/watch.css'
import './go-live.css'
import { useState } from 'preact/hooks'
import {
  Button,
  Field,
  navigate,
  PageHeader,
  QueryView,
  query,
  Skeleton,
  useQuery,
  useTexts,
  useTitle,
} from '#web'
import { type ChannelView, myChannels } from '../../contract.ts'
import type { Ingest } from './Connection.tsx'
import { Desk } from './Desk.tsx'
import { NewChannel } from './NewChannel.tsx'
import { goLiveTexts } from './texts.ts'

/** `/go-live`: a channel, what goes into the encoder, and how it arrives. */
export default function GoLivePage() {
  const t = useTexts(goLiveTexts)
  const mine = useQuery(myChannels, {}, { freshMs: 0 })
  useTitle(t('title'))
  return (
    <QueryView query={mine} skeleton={<Loading />}>
      {({ items, ingest }) =>
        items.length === 0 ? (
          <First />
        ) : (
          <Chosen channels={items} ingest={ingest} onMade={() => void mine.reload()} />
        )
      }
    </QueryView>
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

const address = (slug: string) => `/go-live?channel=${encodeURIComponent(slug)}`

function First() {
  const t = useTexts(goLiveTexts)
  return (
    <>
      <PageHeader title={t('firstTitle')} lead={t('firstText')} />
      <div class="golive-form">
        <NewChannel onMade={({ slug }) => navigate(address(slug), { replace: true })} />
      </div>
    </>
  )
}

function Chosen({ channels, ingest, onMade }: { channels: ChannelView[]; ingest: Ingest; onMade(): void }) {
  const t = useTexts(goLiveTexts)
  const [isMaking, setMaking] = useState(false)
  const wanted = query.value.get('channel')
  const channel = channels.find(({ slug }) => slug === wanted) ?? channels.find(isOnAir) ?? channels[0]
  if (!channel) return null
  if (isMaking) {
    return (
      <>
        <PageHeader title={t('newChannel')} lead={t('firstText')} />
        <div class="golive-form">
          <NewChannel
            onCancel={() => setMaking(false)}
            onMade={({ slug }) => {
              setMaking(false)
              onMade()
              navigate(address(slug), { replace: true })
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
          onValue={(slug) => navigate(address(slug), { replace: true })}
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

const isOnAir = ({ status }: ChannelView) => status === 'live'
