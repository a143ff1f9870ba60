import { can, Icon, Menu, type MenuItem, player, Slot, toast, useTexts } from '#web'
import { type Track, trackActions } from '../contract.ts'
import { fromRelease } from './playing.ts'
import { catalogTexts } from './texts.ts'

interface TrackMenuProps {
  track: Track
  /** Not on the page of the thing itself. */
  without?: 'track' | 'release'
}

/** What one can do with a track, wherever it is listed. */
export function TrackMenu({ track, without }: TrackMenuProps) {
  const t = useTexts(catalogTexts)
  const from = fromRelease(track.release)
  const queued = (text: string) => toast(text)
  const listen: MenuItem[] = track.playback
    ? [
        {
          label: t('playNext'),
          icon: 'queue',
          onPick: () => {
            player.value?.playNext([track], from)
            queued(t('queuedNext', { title: track.title }))
          },
        },
        {
          label: t('addLast'),
          icon: 'list',
          onPick: () => {
            player.value?.addLast([track], from)
            queued(t('queuedLast', { title: track.title }))
          },
        },
      ]
    : []
  const pages: MenuItem[] = [
    ...(without === 'track'
      ? []
      : [{ label: t('toTrack'), icon: 'music' as const, href: `/tracks/${track.id}` }]),
    ...(without === 'release'
      ? []
      : [{ label: t('toRelease'), icon: 'library' as const, href: track.release.href }]),
    ...(can('catalog.manage')
      ? [
          {
            label: t('edit'),
            icon: 'edit' as const,
            href: `/releases/${track.release.slug}/edit#${track.id}`,
          },
        ]
      : []),
  ]
  return (
    <Menu
      label={t('more', { title: track.title })}
      groups={[{ items: listen }, { items: pages }].filter(({ items }) => items.length > 0)}
      more={(close) => <Slot of={trackActions} props={{ track, onDone: close }} />}
    >
      <Icon name="more" />
    </Menu>
  )
}
