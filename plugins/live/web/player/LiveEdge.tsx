import { formatClock, useTexts } from '#web'
import { delayWords, farBehindS } from './delay-words.ts'
import type { StreamPlayer } from './stream-player.ts'
import { playerTexts } from './texts.ts'

/** How far behind one is, and the way to the edge. */
export function LiveEdge({ player, isInterrupted }: { player: StreamPlayer; isInterrupted: boolean }) {
  const t = useTexts(playerTexts)
  const { phase, delayS, isFollowing, line } = player.state
  const isMoving = phase.value === 'playing' || phase.value === 'waiting'
  const delay = delayS.value
  // While nothing comes, a growing delay would only worry.
  if (isInterrupted && phase.value !== 'playing') return <span />
  const isFar = delay !== null && delay > farBehindS
  const isBack = phase.value !== 'starting' && (!isFollowing.value || isFar)
  if (!isBack || !line.value) {
    return (
      <button type="button" class="player-edge" disabled>
        {delayWords(t, isMoving ? delay : null)}
      </button>
    )
  }
  const behindMs = line.value.toMs - line.value.atMs
  return (
    <button type="button" class="player-edge is-far" title={t('toEdge')} onClick={() => player.toEdge()}>
      {isFollowing.value ? delayWords(t, delay) : `-${formatClock(behindMs)}`}
      <span>{t('toEdge')}</span>
    </button>
  )
}
