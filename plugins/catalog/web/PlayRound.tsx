import { Icon, useTexts } from '#web'
import { catalogTexts } from './texts.ts'

interface PlayRoundProps {
  isPlaying: boolean
  isLoading?: boolean
  /** What is played, for who does not see the page. */
  name: string
  isDisabled?: boolean
  onPress(): void
  onSoon?: (() => void) | undefined
}

/** The big round button that plays. */
export function PlayRound({ isPlaying, isLoading, name, isDisabled, onPress, onSoon }: PlayRoundProps) {
  const t = useTexts(catalogTexts)
  const label = isPlaying ? t('pauseThis', { name }) : t('playThis', { name })
  return (
    <button
      type="button"
      class={`play-round${isLoading ? ' is-loading' : ''}`}
      aria-label={label}
      title={label}
      disabled={isDisabled}
      onClick={onPress}
      onPointerEnter={onSoon}
      onFocus={onSoon}
    >
      <Icon name={isPlaying ? 'pause' : 'play'} size={26} />
    </button>
  )
}
