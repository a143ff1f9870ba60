import { IconButton, useTexts } from '#web'
import type { StreamPlayer } from './stream-player.ts'
import { playerTexts } from './texts.ts'
import { cameraWords } from './view-groups.ts'

const words = { away: 'away', late: 'late', back: 'cameraBack', steadier: 'steadier' } as const

/** A calm sentence about what changed by itself; it can be put away. */
export function NoticeLine({ player }: { player: StreamPlayer }) {
  const t = useTexts(playerTexts)
  const notice = player.state.notice.value
  // The place is always there, so that what comes into it is read out.
  return (
    <div class="player-notice" role="status">
      {notice && (
        <p>
          <span>{t(words[notice.kind], { camera: notice.angle ? cameraWords(t, notice.angle) : '' })}</span>
          <IconButton
            icon="close"
            label={t('close')}
            onClick={() => {
              player.state.notice.value = null
            }}
          />
        </p>
      )}
    </div>
  )
}
