import { useTexts } from '#web'
import type { StreamPlayer } from './stream-player.ts'
import { playerTexts } from './texts.ts'
import { cameraItems } from './view-groups.ts'

/** Under the picture: the cameras of an event, one press away. */
export function CameraStrip({ player }: { player: StreamPlayer }) {
  const t = useTexts(playerTexts)
  const { cameras, canChooseCamera, quality } = player.state
  if (cameras.value.length < 2 || quality.value === 'audio') return null
  const isOff = !canChooseCamera.value
  return (
    <fieldset class="player-cameras" aria-label={t('camera')}>
      {cameraItems(t, player).map(({ label, isOn, camera, onPick }) => {
        const angle = cameras.value.find((one) => one.camera === camera)
        const warm = () => angle && !isOn && player.warm(angle)
        return (
          <button
            key={camera ?? 0}
            type="button"
            aria-keyshortcuts={camera === null ? undefined : String(camera)}
            aria-pressed={isOn}
            disabled={isOff}
            onClick={onPick}
            onPointerEnter={warm}
            onFocus={warm}
          >
            {label}
            {camera !== null && (
              <span class="player-key" aria-hidden="true">
                {camera}
              </span>
            )}
          </button>
        )
      })}
      {isOff && <p>{t('camerasLiveOnly')}</p>}
    </fieldset>
  )
}
