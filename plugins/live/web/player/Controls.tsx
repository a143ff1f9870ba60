import { Icon, type IconName, useTexts } from '#web'
import type { Chapter, Storyboard } from '../../contract.ts'
import { canPictureInPicture, togglePictureInPicture } from './fullscreen.ts'
import { LineClock, SeekBar } from './SeekBar.tsx'
import type { StreamPlayer } from './stream-player.ts'
import { playerTexts } from './texts.ts'
import { ViewMenu } from './ViewMenu.tsx'

interface ControlsProps {
  player: StreamPlayer
  chapters: readonly Chapter[]
  storyboard: Storyboard | null
  isFullscreen: boolean
  onFullscreen(): void
  /** A preview has fewer: nothing to choose. */
  isPreview: boolean
  hasFigures: boolean
  onFigures(): void
}

function Control({ icon, label, onClick }: { icon: IconName; label: string; onClick(): void }) {
  return (
    <button type="button" class="player-control" aria-label={label} title={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
  )
}

function Sound({ player }: { player: StreamPlayer }) {
  const t = useTexts(playerTexts)
  const { voice } = player
  const isMuted = voice.isMuted.value || voice.blocked.value === 'sound'
  const volume = isMuted ? 0 : voice.volume.value
  return (
    <div class="player-volume">
      <Control
        icon={isMuted ? 'muted' : 'volume'}
        label={t(isMuted ? 'unmute' : 'mute')}
        onClick={() => (isMuted ? player.unmute() : voice.mute())}
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
        onInput={(event) => voice.setVolume(event.currentTarget.valueAsNumber)}
      />
    </div>
  )
}

function PictureInPicture({ player }: { player: StreamPlayer }) {
  const t = useTexts(playerTexts)
  if (!player.playback.hasVideo || !canPictureInPicture()) return null
  return (
    <button
      type="button"
      class="player-control player-pip"
      aria-label={t('pictureInPicture')}
      title={t('pictureInPicture')}
      onClick={() => void togglePictureInPicture(player.video)}
    >
      <svg class="icon" viewBox="0 0 24 24" width={20} height={20} aria-hidden="true">
        <path d="M20.5 10.5V5h-17v13.5H10M13 13.5h8v5.8h-8z" />
      </svg>
    </button>
  )
}

/** What lies under the picture: the line of what can be played, and the buttons. */
export function Controls(props: ControlsProps) {
  const { player, chapters, storyboard, isFullscreen, onFullscreen, isPreview } = props
  const t = useTexts(playerTexts)
  const phase = player.state.phase.value
  const isRunning = phase === 'playing' || phase === 'waiting' || phase === 'starting'
  // What is on air may get its sound later.
  const isSilent = !player.source.isLive && !player.playback.hasAudio
  return (
    <div class="player-controls">
      {!isPreview && <SeekBar player={player} chapters={chapters} storyboard={storyboard} />}
      <div class="player-buttons">
        <Control
          icon={isRunning ? 'pause' : 'play'}
          label={t(isRunning ? 'pause' : 'play')}
          onClick={() => player.toggle()}
        />
        {isSilent ? <span class="player-clock">{t('noSound')}</span> : <Sound player={player} />}
        {!isPreview && <LineClock player={player} />}
        <span class="player-space" />
        {!isPreview && <ViewMenu player={player} hasFigures={props.hasFigures} onFigures={props.onFigures} />}
        <PictureInPicture player={player} />
        <Control
          icon="fullscreen"
          label={t(isFullscreen ? 'leaveFullscreen' : 'fullscreen')}
          onClick={onFullscreen}
        />
      </div>
    </div>
  )
}
