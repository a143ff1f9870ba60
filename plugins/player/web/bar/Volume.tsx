import { IconButton, useTexts } from '#web'
import type { Player } from '../engine/types.ts'
import { setVolume, toggleMute } from '../listen/commands.ts'
import { playerTexts } from '../texts.ts'

export function Volume({ player }: { player: Player }) {
  const t = useTexts(playerTexts)
  const { volume, isMuted } = player.settings.value
  const isSilent = isMuted || volume === 0
  const shown = isMuted ? 0 : Math.round(volume * 100)
  return (
    <div class="player-volume">
      <IconButton
        icon={isSilent ? 'muted' : 'volume'}
        label={isMuted ? t('unmute') : t('mute')}
        onClick={() => toggleMute(player)}
      />
      <input
        type="range"
        class="player-range"
        min={0}
        max={100}
        value={shown}
        aria-label={t('volume')}
        aria-valuetext={t('percent', { value: shown })}
        style={{ '--share': `${shown}%` }}
        onInput={(event) => setVolume(player, Number(event.currentTarget.value) / 100)}
      />
    </div>
  )
}
