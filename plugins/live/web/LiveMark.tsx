import './live.css'
import { useTexts } from '#web'
import { liveTexts } from './texts.ts'
import { useLiveChannels } from './use-live-channels.ts'

/** Beside "Live" in the navigation: how many are on air; nothing while nobody is. */
export default function LiveMark() {
  const t = useTexts(liveTexts)
  const { data } = useLiveChannels()
  const count = data?.items.filter(({ status }) => status === 'live').length ?? 0
  if (count === 0) return null
  return (
    <b class="live-mark">
      <i aria-hidden="true" />
      {count}
      <span class="hidden-text"> {t('onAir')}</span>
    </b>
  )
}
