import { useTexts } from '#web'
import { delayWords, farBehindS } from './delay-words.ts'
import type { StreamPlayer } from './stream-player.ts'
import { playerTexts } from './texts.ts'

/** How far behind one is, and the way to the edge. */
export function LiveEdge({ player, isInterrupted }: { player: StreamPlayer; isInterrupted: boolean }) {
  const t = useTexts(playerTexts)
  const phase = player.phase.value
  const isMoving = phase === 'playing' || phase === 'waiting'
  const delay = player.delayS.value
  // While nothing comes, a growing delay would only worry.
  if (isInterrupted && phase !== 'playing') return <span />
  const isFar = delay !== null && delay > farBehindS
  const isBack = isFar || phase === 'paused'
  return (
    <button
      type="button"
      class={`player-edge${isBack ? ' is-far' : ''}`}
      disabled={!isBack}
      title={isBack ? t('toEdge') : undefined}
      onClick={() => player.toEdge()}
    >
      {delayWords(t, isMoving || isFar ? delay : null)}
      {isBack && delay !== null && <span>{t('toEdge')}</span>}
    </button>
  )
}
