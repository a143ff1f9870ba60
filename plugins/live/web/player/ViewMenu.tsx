import { Menu, useTexts } from '#web'
import type { StreamPlayer } from './stream-player.ts'
import { playerTexts } from './texts.ts'
import { viewGroups } from './view-groups.ts'

interface ViewMenuProps {
  player: StreamPlayer
  hasFigures: boolean
  onFigures(): void
}

/** Quality, camera, delay, and the figures for who wants to know. */
export function ViewMenu({ player, hasFigures, onFigures }: ViewMenuProps) {
  const t = useTexts(playerTexts)
  const figures = { label: t(hasFigures ? 'figuresOff' : 'figures'), onPick: onFigures }
  const groups = [...viewGroups(t, player), { items: [figures] }]
  return (
    <div class="player-menu">
      <Menu label={t('view')} groups={groups}>
        <svg class="icon" viewBox="0 0 24 24" width={20} height={20} aria-hidden="true">
          <path d="M4 7.5h9M17 7.5h3M15 5.3v4.4M4 16.5h3M11 16.5h9M9 14.3v4.4" />
        </svg>
      </Menu>
    </div>
  )
}
