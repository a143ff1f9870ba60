import { Icon, useTexts } from '#web'
import type { Player } from '../engine/types.ts'
import { Tool } from '../icons.tsx'
import { playerTexts } from '../texts.ts'

/** The round button; it pulses where the browser wants a press before it lets anything sound. */
export function PlayButton({ player, size }: { player: Player; size: number }) {
  const t = useTexts(playerTexts)
  const { status } = player.state.value
  const isOn = status === 'playing' || status === 'loading' || status === 'stalled'
  const label = isOn ? t('pause') : t('play')
  const state =
    status === 'loading' || status === 'stalled' ? ' is-loading' : status === 'blocked' ? ' is-blocked' : ''
  return (
    <button
      type="button"
      class={`player-play${state}`}
      aria-label={label}
      title={label}
      onClick={() => player.toggle()}
    >
      <Icon name={isOn ? 'pause' : 'play'} size={size} />
    </button>
  )
}

export function Transport({ player, size = 22 }: { player: Player; size?: number }) {
  const t = useTexts(playerTexts)
  const { entries, index, repeat } = player.queue.value
  const hasNext = index + 1 < entries.length || repeat !== 'none'
  return (
    <div class="player-transport">
      <Tool icon="previous" label={t('previous')} onClick={() => player.previous()} />
      <PlayButton player={player} size={size} />
      <Tool icon="next" label={t('next')} isDisabled={!hasNext} onClick={() => player.next()} />
    </div>
  )
}
