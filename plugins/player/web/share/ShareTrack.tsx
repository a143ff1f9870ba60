import type { Track } from '#plugins/catalog'
import { Icon, useTexts } from '#web'
import { shared } from '../front.ts'
import { shareTexts } from './texts.ts'
import { shareTrack } from './wish.ts'

/** In the menu of a track. */
export default function ShareTrack({ track, onDone }: { track: Track; onDone(): void }) {
  const t = useTexts(shareTexts)
  return (
    <button
      type="button"
      role="menuitem"
      class="menu-item"
      tabIndex={-1}
      onClick={() => {
        onDone()
        shared.value = shareTrack(track)
      }}
    >
      <Icon name="link" size={18} />
      <span>{t('share')}</span>
    </button>
  )
}
