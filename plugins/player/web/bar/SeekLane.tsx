import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Track } from '#plugins/catalog'
import { formatClock, useTexts, Waveform } from '#web'
import type { Player } from '../engine/types.ts'
import { playerTexts } from '../texts.ts'

/** Where one is in the track, as its waveform and in figures. */
export function SeekLane({ player, track }: { player: Player; track: Track }) {
  const t = useTexts(playerTexts)
  return (
    <div class="player-seek">
      <Elapsed player={player} />
      <Waveform
        url={track.waveform?.url ?? null}
        label={t('seek', { title: track.title })}
        durationMs={track.durationMs}
        positionMs={() => player.time().positionMs}
        bufferedMs={() => player.time().bufferedMs}
        colour={track.release.cover?.colour && 'var(--tint)'}
        onSeek={(ms) => player.seek(ms)}
      />
      <span class="player-time">{formatClock(track.durationMs)}</span>
    </div>
  )
}

function Elapsed({ player }: { player: Player }) {
  const clock = useSignal('')
  useEffect(() => {
    let frame = 0
    const look = () => {
      clock.value = formatClock(player.time().positionMs)
      frame = requestAnimationFrame(look)
    }
    look()
    return () => cancelAnimationFrame(frame)
  }, [player, clock])
  return <span class="player-time">{clock}</span>
}
