import type { Track } from '#plugins/catalog'
import { Icon, me, navigate, useTexts } from '#web'
import { listTexts } from '../texts.ts'
import { picking } from './picking.ts'

/** In the menu of a track. Strangers are led to sign in. */
export default function AddToPlaylist({ track, onDone }: { track: Track; onDone(): void }) {
  const t = useTexts(listTexts)
  const pick = () => {
    onDone()
    if (me.value) picking.value = { trackIds: [track.id], title: track.title }
    else navigate(`/login?next=${encodeURIComponent(location.pathname)}`)
  }
  return (
    <button type="button" role="menuitem" class="menu-item" tabIndex={-1} onClick={pick}>
      <Icon name="plus" size={18} />
      <span>{t('trackAdd')}</span>
    </button>
  )
}
