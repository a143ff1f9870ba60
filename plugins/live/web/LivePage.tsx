import './live.css'
import {
  ButtonLink,
  can,
  EmptyState,
  PageHeader,
  QueryView,
  Skeleton,
  usePages,
  useTexts,
  useTitle,
} from '#web'
import { recentReplays } from '../contract.ts'
import { ChannelCard } from './ChannelCard.tsx'
import UpcomingRow from './events/UpcomingRow.tsx'
import { ReplayGrid } from './ReplayGrid.tsx'
import { liveTexts } from './texts.ts'
import { useLiveChannels } from './use-live-channels.ts'

const replayPage = { query: { limit: 12 } }

/** `/live`: what is on air, what comes, the channels that are silent, what was. */
export default function LivePage() {
  const t = useTexts(liveTexts)
  const channels = useLiveChannels(20_000)
  const replays = usePages(recentReplays, replayPage)
  useTitle(t('live'))
  const goLive = can('live.publish') && (
    <ButtonLink href="/go-live" icon="plus">
      {t('makeChannel')}
    </ButtonLink>
  )
  return (
    <div class="live-page">
      <PageHeader title={t('live')} lead={t('liveLead')} />
      <QueryView query={channels} skeleton={<Skeleton shape="block" count={3} />}>
        {({ items }) => {
          if (items.length === 0)
            return (
              <EmptyState icon="live" title={t('noChannels')} text={t('noChannelsText')} action={goLive} />
            )
          const onAir = items.filter(({ status }) => status === 'live')
          const off = items.filter(({ status }) => status !== 'live')
          return (
            <>
              {onAir.length > 0 && (
                <section class="live-part">
                  <h2>{t('onAirNow')}</h2>
                  <ul class="live-cards is-large">
                    {onAir.map((channel) => (
                      <li key={channel.id}>
                        <ChannelCard channel={channel} />
                      </li>
                    ))}
                  </ul>
                </section>
              )}
              <UpcomingRow />
              {off.length > 0 && (
                <section class="live-part">
                  <h2>{t('channels')}</h2>
                  <ul class="live-cards is-small">
                    {off.map((channel) => (
                      <li key={channel.id}>
                        <ChannelCard channel={channel} />
                      </li>
                    ))}
                  </ul>
                </section>
              )}
            </>
          )
        }}
      </QueryView>
      <section class="live-part">
        <h2>{t('replays')}</h2>
        <ReplayGrid pages={replays} />
      </section>
    </div>
  )
}
