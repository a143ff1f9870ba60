import { Button, Icon, useTexts } from '#web'
import type { StreamPlayer } from './stream-player.ts'
import { playerTexts } from './texts.ts'

interface CentreProps {
  player: StreamPlayer
  isInterrupted: boolean
  onExpired: (() => Promise<void>) | undefined
}

function Message({ player, onExpired }: Omit<CentreProps, 'isInterrupted'>) {
  const t = useTexts(playerTexts)
  const trouble = player.state.trouble.value
  if (!trouble) return null
  const renew = trouble === 'expired' && onExpired
  return (
    <div class="player-veil" role="alert">
      <p class="player-words">{t(trouble)}</p>
      <p>{t(`${trouble}Text`)}</p>
      <Button icon="retry" onClick={() => (renew ? void renew() : player.retry())}>
        {t(renew ? 'renew' : 'tryNow')}
      </Button>
    </div>
  )
}

/** The middle of the picture: what to press, what is awaited, what went wrong. One thing at a time. */
export function Centre({ player, isInterrupted, onExpired }: CentreProps) {
  const t = useTexts(playerTexts)
  const phase = player.state.phase.value
  const blocked = player.voice.blocked.value
  if (phase === 'playing' && blocked === 'sound') {
    return (
      <button type="button" class="player-sound" onClick={() => player.unmute()}>
        <Icon name="muted" size={22} />
        {t('tapForSound')}
      </button>
    )
  }
  if (phase === 'playing') return null
  if (isInterrupted) {
    return (
      <div class="player-veil" role="status">
        <i class="player-pulse" aria-hidden="true" />
        <p class="player-words">{t('back')}</p>
        <p>{t('backText')}</p>
      </div>
    )
  }
  if (player.state.trouble.value) return <Message player={player} onExpired={onExpired} />
  if (phase === 'starting' || phase === 'waiting') {
    return (
      <div class="player-wait" role="status">
        <span class="hidden-text">{t('loading')}</span>
        <i aria-hidden="true" />
      </div>
    )
  }
  return (
    <button
      type="button"
      class="player-big"
      aria-label={t(phase === 'ended' ? 'again' : 'play')}
      onClick={() => void player.play()}
    >
      <Icon name={phase === 'ended' ? 'retry' : 'play'} size={34} />
    </button>
  )
}
