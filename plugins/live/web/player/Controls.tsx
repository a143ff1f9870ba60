import type { RefObject } from 'preact'
import { useState } from 'preact/hooks'
import { formatClock, Icon, type IconName, useTexts } from '#web'
import { canPictureInPicture, togglePictureInPicture } from './fullscreen.ts'
import type { StreamPlayer } from './stream-player.ts'
import { playerTexts } from './texts.ts'

interface ControlsProps {
  player: StreamPlayer
  video: RefObject<HTMLVideoElement | null>
  isFullscreen: boolean
  onFullscreen(): void
}

function Control({ icon, label, onClick }: { icon: IconName; label: string; onClick(): void }) {
  return (
    <button type="button" class="player-control" aria-label={label} title={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
  )
}

function Seek({ player }: { player: StreamPlayer }) {
  const t = useTexts(playerTexts)
  const [held, setHeld] = useState<number | null>(null)
  const duration = player.durationS.value
  const at = held ?? Math.min(player.positionS.value, duration)
  const share = (seconds: number) => String(duration > 0 ? Math.min(1, seconds / duration) : 0)
  const words = { at: formatClock(at * 1000), of: formatClock(duration * 1000) }
  return (
    <>
      <input
        type="range"
        class="player-seek"
        aria-label={t('seek')}
        aria-valuetext={t('seekAt', words)}
        min={0}
        max={duration}
        step={duration > 120 ? 5 : 1}
        value={at}
        style={{ '--at': share(at), '--loaded': share(player.bufferedS.value) }}
        onInput={(event) => setHeld(event.currentTarget.valueAsNumber)}
        onChange={(event) => {
          player.seekTo(event.currentTarget.valueAsNumber)
          setHeld(null)
        }}
      />
      <span class="player-clock">
        {words.at} / {words.of}
      </span>
    </>
  )
}

function Sound({ player }: { player: StreamPlayer }) {
  const t = useTexts(playerTexts)
  const isMuted = player.isMuted.value
  const volume = isMuted ? 0 : player.volume.value
  return (
    <div class="player-volume">
      <Control
        icon={isMuted ? 'muted' : 'volume'}
        label={t(isMuted ? 'unmute' : 'mute')}
        onClick={() => player.toggleMute()}
      />
      <input
        type="range"
        min={0}
        max={1}
        step={0.05}
        value={volume}
        aria-label={t('volume')}
        aria-valuetext={t('percent', { value: Math.round(volume * 100) })}
        style={{ '--at': String(volume), '--loaded': '0' }}
        onInput={(event) => player.setVolume(event.currentTarget.valueAsNumber)}
      />
    </div>
  )
}

/** The strip under the picture. */
export function Controls({ player, video, isFullscreen, onFullscreen }: ControlsProps) {
  const t = useTexts(playerTexts)
  const phase = player.phase.value
  const isRunning = phase === 'playing' || phase === 'waiting' || phase === 'starting'
  const { isLive, hasVideo } = player.source
  return (
    <div class="player-controls">
      <Control
        icon={isRunning ? 'pause' : 'play'}
        label={t(isRunning ? 'pause' : 'play')}
        onClick={() => player.toggle()}
      />
      {!isLive && <Seek player={player} />}
      <Sound player={player} />
      {isLive && <span class="player-space" />}
      {hasVideo && canPictureInPicture() && (
        <button
          type="button"
          class="player-control player-pip"
          aria-label={t('pictureInPicture')}
          title={t('pictureInPicture')}
          onClick={() => void togglePictureInPicture(video.current)}
        >
          <svg class="icon" viewBox="0 0 24 24" width={20} height={20} aria-hidden="true">
            <path d="M20.5 10.5V5h-17v13.5H10M13 13.5h8v5.8h-8z" />
          </svg>
        </button>
      )}
      <Control
        icon="fullscreen"
        label={t(isFullscreen ? 'leaveFullscreen' : 'fullscreen')}
        onClick={onFullscreen}
      />
    </div>
  )
}
